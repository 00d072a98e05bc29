import { test } from 'tap';
import type { BootMount } from '../../../src/core/topology/boot-mounts.ts';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { parseSourceSpec } from '../../../src/core/topology/source-spec.ts';
import { withoutVainSwap } from '../../../src/core/topology/vain-swap.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [device('md1'), device('sdb', { uuid: 'plain' }), device('dm-0', { path: '/dev/mapper/cswap' })],
  dmNodes: [
    { device: 'dm-0', name: 'cswap', uuid: 'CRYPT-PLAIN-cswap', standsOn: ['md1'] },
    { device: 'dm-1', name: 'vg-swap', uuid: 'LVM-x', standsOn: ['dm-0'] },
  ],
});
const entry = (keyFile: string, options: readonly string[] = ['swap']) => ({
  ...{ line: 1, target: 'cswap', source: '/dev/md1' },
  ...{ keyFile, options },
});
const resume = (...sources: readonly string[]): BootMount => ({
  name: 'resume',
  sources: sources.map((text) => ({ spec: parseSourceSpec(text), at: 'conf' })),
  opens: null,
});
const root: BootMount = { ...resume('/dev/dm-0'), name: '/' };

const table: readonly (readonly [
  what: string,
  mount: BootMount,
  keyFile: string,
  options: readonly string[],
  left: number | null,
])[] = [
  ['a random key', resume('/dev/dm-0'), '/dev/urandom', ['swap'], null],
  ['the other random key', resume('/dev/mapper/cswap'), '/dev/random', [], null],
  ['a passphrase', resume('/dev/dm-0'), 'none', ['swap'], 1],
  ['a key in a file', resume('/dev/dm-0'), '/etc/key', [], 1],
  ["a keyscript's argument", resume('/dev/dm-0'), '/dev/urandom', ['keyscript=x'], 1],
  ['two sources, one of them lasts', resume('/dev/dm-0', 'UUID=plain'), '/dev/urandom', [], 1],
  ['a swap that is not there', resume('UUID=gone'), '/dev/urandom', [], 1],
  ['what is not understood', resume('what'), '/dev/urandom', [], 1],
  ['no swap to resume from', root, '/dev/urandom', [], 1],
];

for (const [what, mount, keyFile, options, left] of table)
  test(`a swap to resume from: ${what}`, async (t) => {
    const [found] = withoutVainSwap([mount], [entry(keyFile, options)], graph, new Map());
    t.equal(found?.sources.length ?? null, left);
  });

test('without crypttab nothing changes', async (t) => {
  const mounts = [root, resume('/dev/dm-0')];
  t.same(withoutVainSwap(mounts, [], graph, new Map()), mounts);
});
