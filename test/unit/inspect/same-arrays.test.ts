import { test } from 'tap';
import { sameArrays } from '../../../src/core/inspect/same-arrays.ts';
import { watched } from '../../support/present-members.ts';

test('what an image must have been built with', async (t) => {
  const one = { arrays: [watched()] };
  t.ok(sameArrays(one, { arrays: [watched()] }));
  t.ok(sameArrays(one, { arrays: [{ ...watched(), members: [], name: 'other' }] }), 'members come and go');
  t.notOk(sameArrays(one, { arrays: [] }));
  t.notOk(sameArrays(one, { arrays: [{ ...watched(), degraded: 'never' }] }));
  t.notOk(sameArrays(one, { arrays: [{ ...watched(), waitMs: 1 }] }));
});
