import { test } from 'tap';
import { slotStates } from '../../../src/core/md/slot-states.ts';

test('no holder, one, and a member with its replacement', async (t) => {
  t.same(slotStates([[], [3], [1, 4], [1, 2, 3]]), ['missing', 'active', 'replacing', 'replacing']);
  t.same(slotStates([]), []);
});
