import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { diskIdentity } from '../../../src/core/topology/disk-identity.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

test('how a person knows the disk of a member', async (t) => {
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('sda', { model: 'DISK', serial: 'S1' }),
      device('sda1', { type: 'part', parent: 'sda', sizeBytes: 7 }),
      device('md0', { type: 'raid1' }),
      device('dm-0'),
    ],
    dmNodes: [{ device: 'dm-0', name: 'open', uuid: 'CRYPT-LUKS2-0-open', standsOn: ['sda1'] }],
    slaves: new Map([['md0', ['sda1']]]),
  });
  const names = new Map([
    ['sda', ['wwn-0x1', 'ata-DISK_S1']],
    ['sda1', ['wwn-0x1-part1', 'nvme-eui.1', 'ata-DISK_S1-part1']],
    ['md0', ['md-uuid-1']],
  ]);
  t.same(diskIdentity('sda1', graph, names), {
    byId: 'ata-DISK_S1-part1',
    model: 'DISK',
    serial: 'S1',
    sizeBytes: 7,
  });
  t.match(diskIdentity('dm-0', graph, names), { byId: 'ata-DISK_S1', model: 'DISK' });
  t.match(diskIdentity('md0', graph, names), { byId: 'md-uuid-1', model: null, serial: null });
  t.match(diskIdentity('gone', graph, names), { byId: null, model: null, serial: null, sizeBytes: null });
});
