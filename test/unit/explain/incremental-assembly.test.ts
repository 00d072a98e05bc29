import { test } from 'tap';
import {
  canBeRun,
  isHeldByGate,
  rolesMissing,
  startsByItself,
} from '../../../src/core/explain/incremental-assembly.ts';
import type { Superblock } from '../../../src/core/md/superblock.ts';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import { A, B, member } from '../../support/present-members.ts';

const raid5 = (number: number, more: Partial<Superblock> = {}) =>
  member({ number, events: 7, level: 5, raidDevices: 3, roles: [0, 1, 2], superblock: more });

test('when mdadm --incremental starts an array, when --run does, and what is missing then', async (t) => {
  const aloneA = member({ number: 0, events: 110, roles: [0, null] });
  const rebuilding = member({ ...B, superblock: { recoveryOffsetSectors: 8 } });
  const journaled = { needsJournal: true };
  const journal = (events: number) =>
    member({ number: 3, events, roles: [], role: 'journal', level: 5, raidDevices: 3 });
  const three = (more: Partial<Superblock>) => [0, 1, 2].map((number) => raid5(number, more));
  const cases: readonly [
    what: string,
    bound: readonly PresentMember[],
    starts: boolean,
    runs: boolean,
    missing: string,
  ][] = [
    ['nothing', [], false, false, ''],
    ['both', [member(A), member(B)], true, true, ''],
    ['grown', three({ reshaping: true }), true, true, ''],
    ['reshaped in place', three({ reshaping: true, reshapeNeedsBackup: true }), false, true, ''],
    ['one that counts on another', [member(A)], false, true, '1'],
    ['one that ran alone', [aloneA], true, true, '1'],
    ['one that ran alone and the stale one', [aloneA, member({ ...B, events: 50 })], true, true, '1'],
    ['a member being rebuilt counts, and its data does not', [member(A), rebuilding], true, true, '1'],
    ['only one that is being rebuilt', [rebuilding], false, false, '0,1'],
    ['too few', [raid5(0)], false, false, '1,2'],
    ['dirty and degraded', [raid5(0, { clean: false }), raid5(1, { clean: false })], false, false, '2'],
    ['dirty and whole', three({ clean: false }), true, true, ''],
    ['without its journal', three(journaled), false, true, ''],
    ['with it', [...three(journaled), journal(6)], true, true, ''],
    ['with one out of date', [...three(journaled), journal(5)], false, true, ''],
    ['an unknown level', [member({ ...A, level: -4 }), member({ ...B, level: -4 })], false, false, ''],
  ];
  for (const [what, bound, starts, runs, missing] of cases) {
    t.equal(startsByItself(bound), starts, `${what}: --incremental`);
    t.equal(canBeRun(bound), runs, `${what}: --run`);
    t.equal(rolesMissing(bound).join(), missing, `${what}: missing`);
  }
});

test('the gate holds what calls a slot missing', async (t) => {
  t.equal(isHeldByGate(member(A).superblock), false);
  t.equal(isHeldByGate(member({ number: 0, events: 110, roles: [0, null] }).superblock), true);
});
