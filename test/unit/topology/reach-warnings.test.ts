import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { reachFrom } from '../../../src/core/topology/reach.ts';
import { warningsOfReach } from '../../../src/core/topology/reach-warnings.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

test('what is not followed is named, what is followed is not', async (t) => {
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      ...['sda', 'zram0', 'loop0', 'drbd0', 'rbd0', 'nbd0', 'zd0', 'md0', 'md1'].map((name) => device(name)),
      device('odd', { type: 'dm' }),
    ],
    slaves: new Map([
      ['md0', ['md1']],
      ['md1', ['md0']],
    ]),
  });
  const about = (id: string) => warningsOfReach(reachFrom([id], graph), graph).join('; ');
  for (const id of ['sda', 'zram0']) t.equal(about(id), '', id);
  for (const id of ['loop0', 'drbd0', 'rbd0', 'nbd0', 'zd0', 'odd', 'gone\x1b'])
    t.match(about(id), /^[ -~]+$/, id);
  t.match(about('md0'), /loop/);
  t.not(about('odd'), about('loop0'));
});

test('what is followed, and what is named because it cannot be', async (t) => {
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('bcache0', { parent: 'md0' }),
      device('md0', { type: 'raid1' }),
      device('nvme0n1'),
      device('loop0', { type: 'loop' }),
      device('drbd0'),
      device('dm-1', { type: 'mpath' }),
      device('dm-2', { type: 'dm' }),
      device('sda'),
    ],
    dmNodes: [
      { device: 'dm-1', name: 'mpatha', uuid: 'mpath-3600', standsOn: ['sda', 'sdz'] },
      { device: 'dm-2', name: 'odd', uuid: '', standsOn: ['sda'] },
      { device: 'dm-3', name: 'open', uuid: 'CRYPT-LUKS1-0-open', standsOn: ['dm-2'] },
    ],
    slaves: new Map([['bcache0', ['md0', 'nvme0n1']]]),
  });
  const reach = reachFrom(['bcache0', 'loop0', 'drbd0', 'dm-1', 'dm-3'], graph);
  t.ok(reach.ids.has('md0'), 'through bcache');
  t.equal(graph.get('dm-1')?.kind, 'multipath');
  t.same(warningsOfReach(reach, graph), [
    'sdz is needed, but lsblk does not know it',
    'loop0 is a file on a file system that is not followed',
    'drbd0 is a DRBD device, whose disk is not followed',
    'odd is of an unknown kind; what it stands on is followed',
  ]);
});
