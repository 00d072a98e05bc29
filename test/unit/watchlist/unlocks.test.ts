import { test } from 'tap';
import { parseCrypttab } from '../../../src/core/parse/crypttab.ts';
import { MAX_HOW, mappingsBelow, unlocksOf } from '../../../src/core/watchlist/unlocks.ts';

const node = (kind: string, label: string, children: Parameters<typeof mappingsBelow>[0] = []) => ({
  ...{ kind, label, uuid: null },
  children,
});
const TREE = [node('mount', '/', [node('crypt', 'top', [node('md', 'md0', [node('crypt', 'deep')])])])];

test('the mappings in a tree, however deep', async (t) => {
  t.same([...mappingsBelow(TREE)].sort(), ['deep', 'top']);
});

test('what crypttab says of them, and of them alone', async (t) => {
  const { entries } = parseCrypttab('other UUID=o none luks\ntop  UUID=t\tnone luks,discard\n');
  t.same(unlocksOf(TREE, entries), [
    { mapping: 'deep', how: '' },
    { mapping: 'top', how: 'UUID=t none luks,discard' },
  ]);
  const { entries: long } = parseCrypttab(`top UUID=t ${'k'.repeat(2 * MAX_HOW)}`);
  t.equal(unlocksOf(TREE, long)[1]?.how.length, MAX_HOW);
});
