import { test } from 'tap';
import { parseSourceSpec } from '../../../src/core/topology/source-spec.ts';
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
    ['/swapfile', '', { kind: 'elsewhere', why: /does not name a block device/ }],
  ];
  for (const [source, fsType, spec] of table) t.match(parseSourceSpec(source, fsType), spec, source);
});

test('no text makes it throw', async () => survivesAnyText(parseSourceSpec));
