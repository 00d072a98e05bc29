import { test } from 'tap';
import { needOf, needOfMembers } from '../../../src/core/topology/need.ts';
import { graph } from '../../support/block-graph-of-paths.ts';

test('what a device needs: disks, arrays and a passphrase on the way', async (t) => {
  const need = (id: string) => {
    const { disks, arrays, passphrase } = needOf([id], graph);
    return [[...disks].sort(), [...arrays], passphrase];
  };
  t.same(need('sda1'), [['sda'], [], false]);
  t.same(need('dm-3'), [[], ['md0'], true]);
  t.same(need('md0'), [[], ['md0'], false]);
  t.same(need('dm-2'), [['sde', 'sdf'], [], false]);
  t.same(need('unheard-of'), [['unheard-of'], [], false]);
  t.same([...needOfMembers('md0', graph).disks].sort(), ['sda', 'sdb']);
});
