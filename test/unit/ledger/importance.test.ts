import { test } from 'tap';
import { byImportance } from '../../../src/core/ledger/importance.ts';
import { IMAGE, listOf, uuidOf } from '../../support/ledger-entries.ts';

test('importance: what / stands on, other mounts, resume', async (t) => {
  const arrays = [['resume'], ['/usr'], ['resume', '/']].map((neededBy, n) => ({
    ...IMAGE,
    uuid: uuidOf(n),
    neededBy,
  }));
  t.same(byImportance(listOf(...arrays)), [uuidOf(2), uuidOf(1), uuidOf(0)]);
});
