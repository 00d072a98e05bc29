import { test } from 'tap';
import { layeredLayout } from '../../../../src/core/render/tree/rows-and-order.ts';

test('a layout ends on a graph with a loop', async (t) => {
  const node = (below: number[]) => ({ kind: 'md', label: 'x', uuid: null, below });
  t.equal(layeredLayout([node([1]), node([2]), node([0])]).length, 3);
});
