import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const kindOf = (name: string, fields: Parameters<typeof device>[1] = {}) =>
  buildBlockGraph({ ...NO_FACTS, devices: [device(name, fields)] }).get(name)?.kind;

test("what a device is, by its name and lsblk's word", async (t) => {
  const cases: readonly [name: string, type: string, kind: string][] = [
    ['sda', 'disk', 'disk'],
    ['sda1', 'part', 'partition'],
    ['md0', 'raid1', 'md'],
    ['md_d0', 'raid5', 'md'],
    ['md0p1', 'part', 'partition'],
    ['mdx', 'disk', 'disk'],
    ['bcache0', 'disk', 'bcache'],
    ['loop3', 'loop', 'loop'],
    ['zram0', 'disk', 'zram'],
    ['sr0', 'rom', 'unknown'],
    ['dm-7', 'dm', 'unknown'],
  ];
  for (const [name, type, kind] of cases) t.equal(kindOf(name, { type }), kind, `${name} ${type}`);
});

test('a partition stands on its disk, a mapping without a size is there', async (t) => {
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [device('sda'), device('sda1', { type: 'part', parent: 'sda' })],
    dmNodes: [{ device: 'dm-0', name: 'empty', uuid: '', standsOn: ['sda1'] }],
  });
  t.same(graph.get('sda1')?.standsOn, ['sda']);
  t.match(graph.get('dm-0'), { name: 'empty', device: null, standsOn: ['sda1'] });
});

test('a btrfs needs all its devices, one of a single device is that device', async (t) => {
  const btrfs = (name: string, uuid: string | null) => device(name, { fsType: 'btrfs', uuid });
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      btrfs('sda', 'two'),
      btrfs('sdb', 'two'),
      btrfs('sdc', 'one'),
      btrfs('sdd', 'wide'),
      btrfs('sde', null),
    ],
    btrfsDevices: new Map([['wide', ['sdx', 'sdd']]]),
  });
  t.same(graph.get('btrfs:two')?.standsOn, ['sda', 'sdb']);
  t.same(graph.get('btrfs:wide')?.standsOn, ['sdx', 'sdd'], 'as mounted, one of them not seen by lsblk');
  t.equal(graph.has('btrfs:one'), false);
});

test('a logical volume stands on its whole group, its hidden parts do not', async (t) => {
  const group = 'g'.repeat(32);
  const facts = {
    ...NO_FACTS,
    devices: ['sda', 'sdb', 'sdc'].map((name, n) => device(name, { majorMinor: `8:${n}` })),
    dmNodes: [
      { device: 'dm-0', name: 'vg-lv', uuid: `LVM-${group}${'1'.repeat(32)}`, standsOn: ['dm-1'] },
      { device: 'dm-1', name: 'vg-lv_real', uuid: `LVM-${group}${'2'.repeat(32)}-real`, standsOn: ['sda'] },
    ],
  };
  const volume = (majorMinor: string | null) => ({
    ...{ majorMinor, groupId: group, groupName: 'vg', groupSize: 2 },
    ...{ path: '/dev/some-name', uuid: '' },
  });
  const both = buildBlockGraph({ ...facts, physicalVolumes: [volume('8:0'), volume('8:1')] });
  t.same(both.get('dm-0')?.standsOn, ['dm-1', `vg:${group}`]);
  t.same(both.get('dm-1')?.standsOn, ['sda']);
  t.same(both.get(`vg:${group}`)?.standsOn, ['sda', 'sdb']);
  const alone = buildBlockGraph({ ...facts, physicalVolumes: [volume('8:0'), volume('8:9'), volume(null)] });
  t.same(alone.get('dm-0')?.standsOn, ['dm-1'], 'a group of one volume adds nothing');
});
