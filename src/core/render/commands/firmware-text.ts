import type { FirmwareFinding, RemedyHint } from '../../inspect/firmware.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords, nameSome } from '../../text/lines.ts';
import { type FindingText, said } from './finding-words.ts';
import { AGAIN, COPY_ENTRIES } from './loader-text.ts';

/** What firmware finds or does not find, and how a disk gets a boot loader. */
export function firmwareText(finding: FirmwareFinding): FindingText {
  switch (finding.code) {
    case 'no-loader':
      return noLoaderText(finding);
    case 'no-variables':
      return said('the EFI variables cannot be read, so nobody can tell what the firmware starts');
    case 'removable-path':
      return said(
        `no boot entry works; the firmware has to start ${device(finding.device)} by the removable-media path, which not every firmware tries`,
      );
    case 'other-loader': {
      const path = finding.path === null ? '' : ` (${escapeForConsole(finding.path, 60)})`;
      return said(
        `${device(finding.device)} is started by a boot loader that is not known here${path}: nobody can tell what it does`,
      );
    }
    case 'other-entries':
      return said(
        `only boot entries that name no disk are left (${names(finding.names)}): nobody can tell what they start`,
        ...espRemedy(finding.hint),
      );
    case 'unread':
      return said(
        `${names(finding.devices)} cannot be read, so nobody can tell whether it starts; an ordinary user may not read it`,
      );
    case 'no-core':
      return said(
        `the boot code of ${device(finding.device)} points to no core image of GRUB`,
        'Install GRUB on it again:',
        [`grub-install ${device(finding.device)}`],
      );
    case 'other-core':
      return said(
        `the GRUB in front of ${names(finding.devices)} is not the one that was installed last: it may not understand its modules in /boot/grub, and end in "grub rescue>"`,
        'Install GRUB there too:',
        finding.devices.slice(0, MAX_DISKS).map((one) => `grub-install ${device(one)}`),
      );
    case 'empty-sector':
      return said(
        `${names(finding.devices)} ${finding.devices.length === 1 ? 'has' : 'have'} a boot sector without a boot loader, where a BIOS stops that comes to it first: nobody can tell in which order this one tries the disks`,
        'Install GRUB there too (on GPT it needs a BIOS boot partition, 1 MiB, type ef02):',
        finding.devices.slice(0, MAX_DISKS).map((one) => `grub-install ${device(one)}`),
      );
  }
}

function noLoaderText({
  firmware,
  grade,
  hint,
}: Extract<FirmwareFinding, { code: 'no-loader' }>): FindingText {
  if (grade === 'unknown')
    return said('no disk has boot code, so nobody can tell what starts this machine (the network, a host?)');
  if (firmware === 'bios') {
    const commands = hint.devices.slice(0, MAX_DISKS).map((one) => `grub-install ${device(one)}`);
    return said(
      'no disk that is left has a boot loader',
      'Install GRUB on another disk of the boot (on GPT it needs a BIOS boot partition, 1 MiB, type ef02):',
      commands,
    );
  }
  const text = 'no boot entry works, and no EFI system partition that is left has a boot loader';
  return said(text, ...espRemedy(hint));
}

const MAX_DISKS = 4;

function espRemedy({ loader, devices: [first] }: RemedyHint): readonly [string, readonly string[]] {
  const mounted = first === undefined ? [] : [`mount ${device(first)} /mnt`];
  const install =
    loader === 'grub'
      ? ['grub-install --efi-directory=/mnt --bootloader-id=debian-2']
      : ['bootctl --esp-path=/mnt install', COPY_ENTRIES];
  const kernels = loader === 'grub' ? '' : `, and copy the kernels to it (${AGAIN})`;
  return [
    first === undefined
      ? `Make an EFI system partition on another disk (type ef00, mkfs.vfat), mount it at /mnt, and install a boot loader on it${kernels}:`
      : `Install a boot loader on another EFI system partition${kernels}:`,
    [...mounted, ...install, 'umount /mnt'],
  ];
}

const device = (name: string): string => `/dev/${escapeForConsole(name.replaceAll('!', '/'), 40)}`;
const names = (all: readonly string[]): string =>
  listWords(
    nameSome(
      all.map((name) => escapeForConsole(name, 40)),
      4,
    ),
  );
