import { test } from 'tap';
import { changed } from '../../../src/core/ledger/ledger.ts';
import { entryOf } from '../../support/ledger-entries.ts';

test('NVRAM is written when the set of members in sync changed, and only then', async (t) => {
  const before = entryOf([0, 1], 20);
  t.equal(changed(undefined, before), true);
  t.equal(changed(before, entryOf([0, 1], 5000)), false, 'events alone');
  t.equal(changed(before, entryOf([0, 1], 19)), false, 'md took one event back');
  t.equal(changed(before, entryOf([0, 1], 10)), true, 'restored from a backup');
  t.equal(changed(before, entryOf([0], 22)), true);
  t.equal(changed(entryOf([0], 22), before), true, 'rebuilt');
  t.equal(changed(before, { ...before, inSync: [...before.inSync].reverse() }), false, 'another order');
  const swapped = before.inSync.map(({ deviceUuid, role }) => ({ deviceUuid, role: 1 - role }));
  t.equal(changed(before, { ...before, inSync: swapped }), true, 'slots were changed');
});
