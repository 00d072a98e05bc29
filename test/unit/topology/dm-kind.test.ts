import { test } from 'tap';
import { dmKind } from '../../../src/core/topology/dm-kind.ts';

test('kinds of device-mapper nodes', async (t) => {
  const table: [string, string][] = [
    [`LVM-${'a'.repeat(64)}`, 'lvm'],
    [`LVM-${'a'.repeat(64)}-tpool`, 'thin'],
    [`LVM-${'a'.repeat(64)}-real`, 'lvm'],
    ['CRYPT-LUKS2-0-x', 'crypt'],
    ['CRYPT-PLAIN-x', 'crypt'],
    ['CRYPT-INTEGRITY-x', 'integrity'],
    ['CRYPT-SUBDEV-x', 'integrity'],
    ['CRYPT-VERITY-x', 'verity'],
    ['mpath-36001', 'multipath'],
    ['part1-mpath-36001', 'partition'],
    ['DMRAID-x', 'unknown'],
    ['', 'unknown'],
  ];
  for (const [uuid, kind] of table) t.equal(dmKind(uuid), kind, uuid);
});
