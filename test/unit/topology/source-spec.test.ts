import { test } from 'tap';
import { parseKernelRoot, parseSourceSpec } from '../../../src/core/topology/source-spec.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('sources', async (t) => {
  const table: [string, string, object][] = [
    ['UUID=ab', 'ext4', { kind: 'tag', tag: 'UUID', value: 'ab' }],
    ['PARTLABEL=a=b', '', { kind: 'tag', tag: 'PARTLABEL', value: 'a=b' }],
    ['/dev/mapper/x', 'ext4', { kind: 'path', path: '/dev/mapper/x' }],
    ['8:1', '', { kind: 'number', majorMinor: '8:1' }],
    ['tmpfs', 'tmpfs', { kind: 'memory' }],
    ['server:/export', 'nfs4', { kind: 'elsewhere', why: /on the network/ }],
    ['10.0.0.1:/export', '', { kind: 'elsewhere', why: /on the network/ }],
    ['//server/share', 'cifs', { kind: 'elsewhere', why: /on the network/ }],
    ['/dev/nfs', '', { kind: 'elsewhere', why: /on the network/ }],
    ['rpool/ROOT', 'zfs', { kind: 'elsewhere', why: /ZFS/ }],
    ['ZFS=rpool/ROOT', '', { kind: 'elsewhere', why: /ZFS/ }],
    ['overlay', 'overlay', { kind: 'elsewhere', why: /overlay/ }],
    ['UUID="a b"', 'ext4', { kind: 'tag', tag: 'UUID', value: 'a b' }],
    ["LABEL='x'", 'ext4', { kind: 'tag', tag: 'LABEL', value: 'x' }],
    ['ID=ata-x', 'ext4', { kind: 'path', path: '/dev/disk/by-id/ata-x' }],
    ['ubi0:rootfs', 'ubifs', { kind: 'elsewhere', why: /flash/ }],
    ...[
      '/swapfile',
      'UUID=',
      'ID=a/b',
      'WHAT=x',
      '"/dev/md0"',
      "'/dev/md0'",
      'fe00:1',
      '/dev/',
      '/dev/../x',
      '',
    ].map((text): [string, string, object] => [text, '', { kind: 'not-understood', text }]),
  ];
  for (const [source, fsType, spec] of table) t.match(parseSourceSpec(source, fsType), spec, source);
});

test('root= on the kernel command line may be a number in hexadecimal digits', async (t) => {
  const table: [string, object][] = [
    ['fe01', { kind: 'number', majorMinor: '254:1' }],
    ['900', { kind: 'number', majorMinor: '9:0' }],
    ['110305', { kind: 'number', majorMinor: '259:261' }],
    ['9:0', { kind: 'number', majorMinor: '9:0' }],
    ['fe00:1', { kind: 'not-understood' }],
    ['/dev/md0', { kind: 'path' }],
  ];
  for (const [value, spec] of table) t.match(parseKernelRoot(value), spec, value);
  t.match(parseSourceSpec('fe01'), { kind: 'not-understood' }, 'in fstab it is none');
});

test('no text makes it throw', async () => survivesAnyText(parseSourceSpec));
