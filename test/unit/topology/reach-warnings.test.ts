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
