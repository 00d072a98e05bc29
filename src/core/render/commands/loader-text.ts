import type { LoaderFinding } from '../../inspect/loader.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { type FindingText, said } from './finding-words.ts';

/** Kernels, images and entries of systemd-boot, from the EFI system partition that is in use to the one at /mnt. */
export const COPY_ENTRIES = 'cp -r "$(bootctl --print-esp-path)"/. /mnt/';

/** What copies them for the next time is nobody's but the person's. */
export const AGAIN = 'again after each new kernel or image';

/** Whether the boot loader finds a kernel, and what to do where it does not. */
export function loaderText(finding: LoaderFinding): FindingText {
  switch (finding.code) {
    case 'boot-gone':
      return finding.place === '/'
        ? said('GRUB cannot read root, where the kernels are: too few of its disks are left')
        : said(
            'GRUB cannot read /boot, where the kernels are: its disk is missing',
            'Put /boot on an array of two disks, or into the file system of root (then remove its line from fstab).',
          );
    case 'boot-lost':
      return said(
        `it is not known which disks ${finding.place === '/' ? 'root' : '/boot'} is on: nobody can tell whether GRUB reads it`,
      );
    case 'asks-passphrase':
      return said('GRUB asks for the passphrase of the file system with the kernels');
    case 'other-file-system': {
      const { device, uuid, wanted } = finding;
      return said(
        `GRUB on /dev/${escapeForConsole(device, 40)} looks for the file system ${escapeForConsole(uuid, 40)}, and /boot is on ${escapeForConsole(wanted, 40)}`,
        'Install GRUB there again:',
        [
          `mount /dev/${escapeForConsole(device, 40)} /mnt`,
          'grub-install --efi-directory=/mnt',
          'umount /mnt',
        ],
      );
    }
    case 'menu-root-gone':
    case 'menu-root-other': {
      const source = `root=${escapeForConsole(finding.source, 80)}`;
      return said(
        finding.code === 'menu-root-gone'
          ? `the boot menu starts each kernel with ${source}, and nothing here is that: root is not found`
          : `the boot menu starts each kernel with ${source}, which is not the root of this system`,
        'Write the menu anew:',
        ['update-grub'],
      );
    }
    case 'no-entries':
      return noEntriesText(finding);
    case 'broken-entry':
      return said(
        `entry ${escapeForConsole(finding.entry, 60)} on /dev/${escapeForConsole(finding.device, 40)} names ${escapeForConsole(finding.missing, 80)}, which is missing`,
      );
  }
}

function noEntriesText({ device, hasOther }: Extract<LoaderFinding, { code: 'no-entries' }>): FindingText {
  const path = `/dev/${escapeForConsole(device, 40)}`;
  const text = `systemd-boot on ${path} has no entry whose kernel and image are there`;
  return hasOther
    ? said(text, `Copy kernels and entries to it from the partition in use (${AGAIN}):`, [
        `mount ${path} /mnt`,
        COPY_ENTRIES,
        'umount /mnt',
      ])
    : said(text);
}
