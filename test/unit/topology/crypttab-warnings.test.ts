import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { crypttabWarnings } from '../../../src/core/topology/crypttab-warnings.ts';
import { reachFrom } from '../../../src/core/topology/reach.ts';
import { warningsOfReach } from '../../../src/core/topology/reach-warnings.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

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
  const entry = {
    line: 3,
    target: 'open',
    source: 'x',
    keyFile: '/dev/disk/by-label/stick:/key',
    options: ['luks'],
  };
  const random = { ...entry, keyFile: '/dev/urandom', options: ['header=/dev/sdb'] };
  t.same(crypttabWarnings([entry, random, { ...entry, target: 'other' }], reach.ids, graph), [
    'open (/etc/crypttab:3): its key on /dev/disk/by-label/stick:/key is not followed',
    'open (/etc/crypttab:3): its header on /dev/sdb is not followed',
  ]);
});
