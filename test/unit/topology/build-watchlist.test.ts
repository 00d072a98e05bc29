import fc from 'fast-check';
import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { buildWatchlist } from '../../../src/core/topology/build-watchlist.ts';
import { reachFrom } from '../../../src/core/topology/reach.ts';
import { layersFault } from '../../../src/core/watchlist/layers-fault.ts';
import { DEFAULT_SETTINGS, type DependencyNode } from '../../../src/core/watchlist/watchlist.ts';
import { formatWatchlist, parseWatchlist } from '../../../src/core/watchlist/watchlist-file.ts';
import { factsOf } from '../../support/array-facts.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

/** Any graph of md arrays, crypt nodes and disks, loops and missing devices included. */
const anyGraph = fc
  .record({
    kinds: fc.array(fc.constantFrom('md', 'crypt', 'disk'), { minLength: 1, maxLength: 14 }),
    edges: fc.array(fc.tuple(fc.nat(15), fc.nat(15)), { maxLength: 40 }),
    starts: fc.array(fc.nat(15), { minLength: 1, maxLength: 3 }),
  })
  .map(({ kinds, edges, starts }) => {
    const name = (n: number) => (kinds[n] === 'crypt' ? `dm-${n}` : kinds[n] === 'md' ? `md${n}` : `sd${n}`);
    const below = (n: number) => edges.filter(([from]) => from === n).map(([, to]) => name(to));
    const graph = buildBlockGraph({
      ...NO_FACTS,
      devices: kinds.map((_, n) => device(name(n))),
      dmNodes: kinds.flatMap((kind, n) =>
        kind === 'crypt'
          ? [{ device: name(n), name: `open${n}`, uuid: 'CRYPT-LUKS2-0-x', standsOn: below(n) }]
          : [],
      ),
      slaves: new Map(kinds.map((_, n) => [name(n), below(n)])),
    });
    const arrays = new Map(
      kinds.flatMap((kind, n) => (kind === 'md' ? [[name(n), factsOf(name(n), n)] as const] : [])),
    );
    return { graph, arrays, starts: starts.map(name) };
  });

test('any graph: the walk ends, layers are sound, what is listed is reachable from a root', async () => {
  fc.assert(
    fc.property(anyGraph, ({ graph, arrays, starts }) => {
      const built = buildWatchlist({
        hostName: 'host',
        settings: DEFAULT_SETTINGS,
        roots: [{ name: '/', ids: starts, source: '', lost: [] }],
        graph,
        arrays,
        byIdNames: new Map(),
        warnings: [],
        policyOf: () => ({ waitMs: 1, degraded: 'start' }),
      });
      if (!built.ok) throw new Error(built.why);
      const listed = new Set<string>(built.value.arrays.map(({ uuid }) => uuid));
      const { ids } = reachFrom(starts, graph);
      for (const [name, { detail }] of arrays)
        if (ids.has(name) !== listed.has(detail.uuid))
          throw new Error(`${name} listed: ${listed.has(detail.uuid)}`);
      const inTree = new Set<string>();
      const visit = ({ uuid, children }: DependencyNode) => {
        if (uuid !== null) inTree.add(uuid);
        children.forEach(visit);
      };
      built.value.tree.forEach(visit);
      for (const uuid of listed) if (!inTree.has(uuid)) throw new Error(`${uuid} is not in the tree`);
      const fault = layersFault(built.value.arrays);
      if (fault !== null) throw new Error(fault);
      const again = parseWatchlist(formatWatchlist(built.value));
      if (!again.ok) throw new Error(`${again.at}: ${again.why}`);
    }),
    { numRuns: 300 },
  );
});
