import type { LoaderFinding } from '../../inspect/loader.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { type FindingText, said } from './finding-words.ts';

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
    case 'no-entries':
      return said(
        `systemd-boot on /dev/${escapeForConsole(finding.device, 40)} has no entry whose kernel and image are there`,
      );
    case 'broken-entry':
      return said(
        `entry ${escapeForConsole(finding.entry, 60)} on /dev/${escapeForConsole(finding.device, 40)} names ${escapeForConsole(finding.missing, 80)}, which is missing`,
      );
  }
}
