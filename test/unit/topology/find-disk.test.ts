import t from 'tap';
import type { BlockDevice } from '../../../src/core/parse/lsblk-json.ts';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { findDisk } from '../../../src/core/topology/find-disk.ts';
import { needOf, needOfMembers } from '../../../src/core/topology/need.ts';

const device = (name: string, fields: Partial<BlockDevice> = {}): BlockDevice => ({
  device: name,
  parent: null,
  path: `/dev/${name}`,
  type: 'disk',
  sizeBytes: 1,
  fsType: null,
  label: null,
  uuid: null,
  partLabel: null,
  partUuid: null,
  model: null,
  serial: null,
  majorMinor: null,
  ...fields,
});

/** sda1 and sdb1 in md0, LUKS on it; sdc and sdd are two paths to one disk, with a partition; sde and sdf hold one volume. */
const graph = buildBlockGraph({
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
const byIdNames = new Map([
  ['sda', ['ata-WDC_A', 'wwn-0x1']],
  ['sda1', ['ata-WDC_A-part1']],
]);

t.test('a disk by kernel name, path, partition, by-id name, serial; all paths of it', async (t) => {
  for (const [text, disks] of [
    ['sda', ['sda']],
    ['/dev/sda', ['sda']],
    ['sda1', ['sda']],
    ['/dev/sda1', ['sda']],
    ['ata-WDC_A', ['sda']],
    ['/dev/disk/by-id/ata-WDC_A-part1', ['sda']],
    ['wd-a', ['sda']],
    ['sdc', ['sdc', 'sdd']],
    ['SAN-1', ['sdc', 'sdd']],
    ['mpatha', ['sdc', 'sdd']],
    ['/dev/mapper/mpatha-part1', ['sdc', 'sdd']],
    ['dm-1', ['sdc', 'sdd']],
  ] as const) {
    t.same(findDisk(text, graph, byIdNames), { ok: true, value: disks }, text);
  }
});

t.test('what is no disk, or not one', async (t) => {
  for (const [text, why] of [
    ['sdz', /no block device/],
    ['', /no block device/],
    ['md0', /is not a disk: md0 is an array, on sda, sdb/],
    ['secret', /is not a disk: md0 is an array/],
    ['vg-wide', /is on several disks: sde, sdf/],
    ['loop-a', /does not stand on a disk/],
    ['same', /is on several disks: sdb, sde/],
  ] as const) {
    t.match(findDisk(text, graph, byIdNames), { ok: false, why }, text);
  }
});

t.test('what a device needs: disks, arrays and a passphrase on the way', async (t) => {
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
