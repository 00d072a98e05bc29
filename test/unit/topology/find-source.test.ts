import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { findSource } from '../../../src/core/topology/find-source.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

test('a source finds its device, whichever way it is written', async (t) => {
  const graph = buildBlockGraph({
    ...NO_FACTS,
    devices: [
      device('sda', { fsType: 'ext4', uuid: 'abc-DEF', label: 'my root', majorMinor: '8:0' }),
      device('sdb', { partUuid: '12-ab', partLabel: 'second' }),
      device('sdc', { fsType: 'linux_raid_member', uuid: 'abc-DEF' }),
      device('dm-0', { path: '/dev/mapper/my--vg-a--b' }),
      device('sdd', { fsType: 'btrfs', uuid: 'fs' }),
      device('sde', { fsType: 'btrfs', uuid: 'fs' }),
    ],
    dmNodes: [{ device: 'dm-0', name: 'my--vg-a--b', uuid: 'LVM-x', standsOn: ['sdb'] }],
  });
  const find = (spec: Parameters<typeof findSource>[0], links: [string, string | null][] = []) =>
    findSource(spec, graph, new Map(links));
  const tag = (name: 'UUID' | 'LABEL' | 'PARTUUID' | 'PARTLABEL', value: string) =>
    find({ kind: 'tag', tag: name, value });
  const path = (text: string, to: string | null = null) => find({ kind: 'path', path: text }, [[text, to]]);
  t.match(tag('UUID', 'ABC-def'), { ok: true, value: ['sda'] }, 'never a member with the same UUID');
  t.match(tag('LABEL', 'my root'), { ok: true, value: ['sda'] });
  t.match(tag('PARTUUID', '12-AB'), { ok: true, value: ['sdb'] });
  t.match(tag('PARTLABEL', 'second'), { ok: true, value: ['sdb'] });
  t.match(tag('LABEL', 'none'), { ok: false, at: 'LABEL=none' });
  t.match(find({ kind: 'number', majorMinor: '8:0' }), { ok: true, value: ['sda'] });
  t.match(path('/dev/sda'), { ok: true, value: ['sda'] });
  t.match(path('/dev/by-me', '/dev/dm-0'), { ok: true, value: ['dm-0'] }, 'through a link');
  t.match(path('/dev/by-number', '8:0'), { ok: true, value: ['sda'] }, 'whatever its name is');
  t.match(path('/dev/sda', '8:99'), { ok: false }, 'a path that leads to another device');
  t.match(
    path('/dev/disk/by-label/my\\x20root'),
    { ok: true, value: ['sda'] },
    'a link that udev did not make',
  );
  t.match(path('/dev/my-vg/a-b'), { ok: true, value: ['dm-0'] });
  t.match(path('/dev/mapper/my--vg-a--b'), { ok: true, value: ['dm-0'] });
  t.match(path('/dev/sde'), { ok: true, value: ['btrfs:fs'] }, 'one device of a btrfs means all');
});
