import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { watchMembers } from '../../../src/core/topology/watch-members.ts';
import { factsOf } from '../../support/array-facts.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

test('an array in a container', async (t) => {
  const volume = factsOf('md126', 1);
  const container = { ...factsOf('md127', 2).detail, level: 'container', metadata: 'imsm' };
  const member = (name: string, role: number | 'spare') => ({ device: name, role, superblock: null });
  const members = [member('sdc', 'spare'), member('sdb', 1), member('sda', 0)];
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: ['sda', 'sdb', 'sdc'].map((name) => ({ ...device(name), serial: `serial of ${name}` })),
  });
  const found = watchMembers({ ...volume, container, members }, graph, new Map());
  t.strictSame(
    found.watched.map(({ role, disk, ledger }) => [role, disk.serial, ledger.inSync]),
    [
      [0, 'serial of sda', false],
      [1, 'serial of sdb', false],
    ],
    'its disks are known by slot, and nothing is claimed of their data',
  );
  t.strictSame(found.warnings, []);
});
