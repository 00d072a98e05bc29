import { test } from 'tap';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import { isEveryoneInSight } from '../../../src/core/verdict/who-may-come.ts';
import type { WatchedMember } from '../../../src/core/watchlist/watchlist.ts';
import { A, B, member, seen, watched, watchedMember } from '../../support/present-members.ts';

const listed = [watchedMember(0, 0, 90), watchedMember(1, 1, 90)];
const alone = { number: 0, events: 120, roles: [0, null] };
const replaced = { number: 0, events: 120, roles: [0, null, 1] };
const journal = { ...watchedMember(2, 'journal', 90) };

const rows: readonly [string, boolean, readonly WatchedMember[], readonly PresentMember[]][] = [
  ['nobody', false, listed, []],
  ['one of two', false, listed, [member(A)]],
  ['both', true, listed, [member(A), member(B)]],
  ['one ran alone, the other is present', true, listed, [member(alone), member(B)]],
  ['one ran alone, the other is away', false, listed, [member(alone)]],
  [
    'one ran alone, as the list knows',
    true,
    [watchedMember(0, 0, 90), watchedMember(1, 1, 50, false)],
    [member(alone)],
  ],
  ['the other has failed', true, listed, [member(alone), member({ ...B, faulty: true })]],
  [
    'the other is half rebuilt',
    true,
    listed,
    [member(A), member({ ...B, superblock: { recoveryOffsetSectors: 8 } })],
  ],
  ['the other was replaced by one that the list does not know', false, listed, [member(replaced), member(B)]],
  [
    'and that one is present too',
    true,
    listed,
    [member(replaced), member(B), member({ number: 2, events: 120, roles: [0, null, 1] })],
  ],
  ['a journal is away', false, [...listed, journal], [member(alone), member(B)]],
  ['a list that knows no member', false, [], [member(alone), member(B)]],
  ['only a spare', false, listed, [member({ ...A, role: 'spare' })]],
];

test('an array that is not listed', async (t) => {
  const inSight = (...present: readonly PresentMember[]) =>
    isEveryoneInSight(watched([]), seen(...present), true);
  t.equal(inSight(member(alone)), true, 'its superblock counts on nobody else');
  t.equal(inSight(member(A)), false, 'it counts on another');
  t.equal(inSight(), false);
});

for (const [what, inSight, members, present] of rows)
  test(what, async (t) => {
    t.equal(isEveryoneInSight(watched(members), seen(...present)), inSight);
  });
