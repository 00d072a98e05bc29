import fc from 'fast-check';
import type { DependencyNode } from '../../src/core/watchlist/watchlist.ts';

/** Any dependency tree, with hostile texts. */
export const treeOf = fc.memo(
  (depth): fc.Arbitrary<DependencyNode> =>
    fc.record({
      kind: fc.oneof(fc.constantFrom('md', 'crypt', 'mount'), fc.string({ unit: 'binary' })),
      label: fc.string({ unit: 'binary', maxLength: 300 }),
      uuid: fc.option(fc.string({ unit: 'binary' })),
      children: depth <= 1 ? fc.constant([]) : fc.array(treeOf(), { maxLength: 3 }),
    }),
);
