/**
 * What `./check` boots under QEMU, while every scenario boots under user-mode Linux: what only QEMU has (firmware, the virtual terminal, SCSI
 * hot-plug, the distribution's own kernel), and at least one scenario of each kind and layout. `./check --all` boots every scenario in both.
 */
export const QEMU_COVER: ReadonlySet<string> = new Set([
  ...[
    'B1',
    'B2',
    'B3',
    'B17',
    'B4',
    'B14',
    'B5-esc',
    'B6',
    'B8',
    'B10',
    'B9-raid5-too-few',
    'B9-raid6',
    'B9-raid10',
    'B15',
  ],
  ...['B11-killed', 'B12', 'B13', 'B16', 'B18-both', 'B18-later', 'B2-256M', 'B19-efi', 'B19-whole'],
]);
