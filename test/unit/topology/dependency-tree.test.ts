import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { dependencyTree } from '../../../src/core/topology/dependency-tree.ts';
import type { DependencyNode } from '../../../src/core/watchlist/watchlist.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const luks = 'CRYPT-LUKS2-0123456789abcdef0123456789abcdef-open';
const graph = buildBlockGraph({
  ...NO_FACTS,
  devices: [
    device('sda', { model: 'WDC', serial: 'WD-1' }),
    device('sda1', { type: 'part', parent: 'sda', partUuid: 'part-uuid' }),
    device('md0', { type: 'raid1', uuid: 'fs-uuid' }),
  ],
  dmNodes: [
    { device: 'dm-0', name: 'open', uuid: luks, standsOn: ['md0'] },
    { device: 'dm-1', name: 'my--vg-a--b', uuid: `LVM-${'a'.repeat(64)}`, standsOn: ['dm-0', 'md0'] },
    { device: 'dm-2', name: 'plain', uuid: '', standsOn: [] },
  ],
  slaves: new Map([['md0', ['sda1', 'gone']]]),
});
const labels = new Map([['md0', { label: 'md0 raid1', uuid: 'array-uuid' }]]);
const treeOf = (ids: readonly string[], lost: readonly string[] = []) =>
  dependencyTree({ name: '/', ids, source: '', lost }, graph, labels);

test('labels and UUIDs by kind', async (t) => {
  t.match(treeOf(['dm-1']), {
    kind: 'mount',
    label: '/',
    children: [
      {
        kind: 'lvm',
        label: 'my-vg/a-b',
        children: [
          {
            kind: 'crypt',
            label: 'open',
            uuid: '01234567-89ab-cdef-0123-456789abcdef',
            children: [
              {
                kind: 'md',
                label: 'md0 raid1',
                uuid: 'array-uuid',
                children: [
                  {
                    kind: 'partition',
                    uuid: 'part-uuid',
                    children: [{ kind: 'disk', label: 'sda WDC (serial WD-1)', uuid: null }],
                  },
                  { kind: 'unknown', label: /^gone/ },
                ],
              },
            ],
          },
          { kind: 'md', children: { length: 0 } },
        ],
      },
    ],
  });
  t.match(treeOf(['dm-2']).children, [{ kind: 'unknown', label: 'plain', uuid: null }]);
});

test('the UUID of the mount, and what is lost', async (t) => {
  t.equal(treeOf(['md0']).uuid, 'fs-uuid');
  t.equal(treeOf(['btrfs:abc']).uuid, 'abc');
  t.match(treeOf([], ['on the network']), {
    uuid: null,
    children: [{ kind: 'unknown', label: 'on the network' }],
  });
});

test('a chain deeper than the file format allows ends in a node that says so', async (t) => {
  const names = Array.from({ length: 200 }, (_, n) => `sd${n}`);
  const deep = buildBlockGraph({
    ...NO_FACTS,
    devices: names.map((name) => device(name)),
    slaves: new Map(names.map((name, n) => [name, names.slice(n + 1, n + 2)])),
  });
  let depth = 0;
  let node: DependencyNode | undefined = dependencyTree(
    { name: '/', ids: ['sd0'], source: '', lost: [] },
    deep,
    labels,
  );
  for (; node?.children[0] !== undefined; node = node.children[0]) depth += 1;
  t.ok(depth > 50 && depth <= 64, `${depth}`);
  t.match(node, { kind: 'unknown', label: 'deeper' });
});
