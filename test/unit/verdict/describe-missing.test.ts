import { test } from 'tap';
import type { Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { describeMissing } from '../../../src/core/verdict/describe-missing.ts';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import { A, B, member, seen, watched, watchedMember } from '../../support/present-members.ts';

test('missing members as the person knows them', async (t) => {
  const array = watched([watchedMember(0, 0, 90), watchedMember(5, 1, 20, false), watchedMember(1, 1, 90)]);
  const missing = (snapshot: Snapshot) =>
    describeMissing(array, judgeArray(array, snapshot)).map(({ role, disk }) => [role, disk?.serial ?? null]);
  t.strictSame(missing(seen(member(A))), [[1, 'serial-1']]);
  t.strictSame(missing(seen()), [
    [0, 'serial-0'],
    [1, 'serial-1'],
  ]);
  t.strictSame(missing(seen(member(A), member(B))), []);
  const journaled = member({ ...A, superblock: { needsJournal: true } });
  t.strictSame(missing(seen(journaled)), [
    [1, 'serial-1'],
    ['journal', null],
  ]);
});
