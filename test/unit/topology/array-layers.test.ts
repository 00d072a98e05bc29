import { test } from 'tap';
import { placeArrays } from '../../../src/core/topology/array-layers.ts';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [
    ...['sda', 'sdb', 'sdc'].map((name) => device(name)),
    ...['md0', 'md1', 'md2', 'md3', 'md4', 'md5'].map((name) => device(name, { type: 'raid1' })),
  ],
  dmNodes: [
    { device: 'dm-0', name: 'open', uuid: 'CRYPT-LUKS2-0-open', standsOn: ['md0'] },
    { device: 'dm-1', name: 'vg-lv', uuid: `LVM-${'a'.repeat(64)}`, standsOn: ['md3'] },
  ],
  slaves: new Map([
    ['md0', ['sda', 'sdb']],
    ['md1', ['dm-0', 'sdc']],
    ['md2', ['md1', 'md3']],
    ['md3', ['sdc']],
    ['md4', ['md5']],
    ['md5', ['md4']],
  ]),
});

test('layers, what is directly below, and passphrases on the way', async (t) => {
  const places = placeArrays(['md2'], graph);
  const place = (name: string) => {
    const found = places.get(name);
    return found && [found.layer, [...found.standsOn].sort(), found.behindPassphrase];
  };
  t.same(place('md0'), [0, [], false]);
  t.same(place('md1'), [1, ['md0'], true], 'through LUKS');
  t.same(place('md2'), [2, ['md1', 'md3'], true], 'the passphrase below counts above');
  t.same(place('md3'), [0, [], false]);
  t.equal(place('md4'), undefined, 'not asked for');
});

test('an edge that would close a loop is left out', async (t) => {
  const places = placeArrays(['md4', 'md5'], graph);
  t.same([places.get('md5')?.layer, places.get('md4')?.layer], [0, 1]);
  t.same([places.get('md5')?.standsOn, places.get('md4')?.standsOn], [[], ['md5']]);
});
