import { test } from 'tap';
import { buildBlockGraph } from '../../../src/core/topology/build-block-graph.ts';
import { arraysAmong, reachFrom } from '../../../src/core/topology/reach.ts';
import { device, NO_FACTS } from '../../support/block-devices.ts';

const graphOf = (edges: Readonly<Record<string, readonly string[]>>) =>
  buildBlockGraph({
    ...NO_FACTS,
    devices: Object.keys(edges).map((name) => device(name)),
    slaves: new Map(Object.entries(edges)),
  });

test('everything below, each once, from above', async (t) => {
  const graph = graphOf({
    md1: ['md0', 'sdc'],
    md0: ['sda', 'sdb'],
    sda: [],
    sdb: [],
    sdc: ['sda'],
    sdz: [],
  });
  const { ids, loops, unknown } = reachFrom(['md1'], graph);
  t.same([...ids], ['md1', 'md0', 'sda', 'sdb', 'sdc']);
  t.same([loops, unknown], [[], []]);
  t.same(arraysAmong(ids, graph), ['md1', 'md0']);
});

test('a loop is cut where it closes, and two ways to one device are none', async (t) => {
  const graph = graphOf({ md0: ['md1'], md1: ['md0', 'sdx'] });
  const { ids, loops, unknown } = reachFrom(['md0'], graph);
  t.same([...ids], ['md0', 'md1', 'sdx']);
  t.same(loops, [{ from: 'md1', to: 'md0' }]);
  t.same(unknown, ['sdx']);
});

test('a chain of any length needs no deep call stack', async (t) => {
  const names = Array.from({ length: 20_000 }, (_, n) => `sd${n}`);
  const graph = graphOf(Object.fromEntries(names.map((name, n) => [name, names.slice(n + 1, n + 2)])));
  t.equal(reachFrom(['sd0'], graph).ids.size, names.length);
});
