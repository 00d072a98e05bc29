import { buildBlockGraph } from '../../src/core/topology/build-block-graph.ts';
import { device } from './block-devices.ts';

/** sda1 and sdb1 in md0, LUKS on it; sdc and sdd are two paths to one disk, with a partition; sde and sdf hold one volume. */
export const graph = buildBlockGraph({
  devices: [
    device('sda', { serial: 'WD-A' }),
    device('sda1', { type: 'part', parent: 'sda' }),
    device('sdb', { serial: 'same' }),
    device('sdb1', { type: 'part', parent: 'sdb' }),
    device('sdc', { serial: 'SAN-1' }),
    device('sdd', { serial: 'SAN-1' }),
    device('sde', { serial: 'same' }),
    device('sdf'),
    device('md0', { type: 'raid1', parent: 'sda1' }),
  ],
  dmNodes: [
    { device: 'dm-0', name: 'mpatha', uuid: 'mpath-3600', standsOn: ['sdc', 'sdd'] },
    { device: 'dm-1', name: 'mpatha-part1', uuid: 'part1-mpath-3600', standsOn: ['dm-0'] },
    { device: 'dm-2', name: 'vg-wide', uuid: `LVM-${'a'.repeat(64)}`, standsOn: ['sde', 'sdf'] },
    { device: 'dm-3', name: 'secret', uuid: 'CRYPT-LUKS2-0-secret', standsOn: ['md0'] },
    { device: 'dm-4', name: 'loop-a', uuid: '', standsOn: ['dm-5'] },
    { device: 'dm-5', name: 'loop-b', uuid: '', standsOn: ['dm-4'] },
  ],
  slaves: new Map([['md0', ['sda1', 'sdb1']]]),
  btrfsDevices: new Map(),
  physicalVolumes: [],
});
