import fc from 'fast-check';
import { test } from 'tap';
import type { PresentMember, Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import { type Presence, presenceOf } from '../../../src/core/verdict/presence.ts';
import type { WatchedArray } from '../../../src/core/watchlist/watchlist.ts';
import { A, B, member, NO_DISK, seen, T0, watched, watchedMember } from '../../support/present-members.ts';

const mirror = watched([watchedMember(0, 0, 90), watchedMember(1, 1, 90)]);
const named = watched(
  [0, 1].map((n) => ({ ...watchedMember(n, n, 90), disk: { ...NO_DISK, byId: `ata-${n}` } })),
);
const of = (array: WatchedArray, snapshot: Snapshot): Presence =>
  presenceOf(array, snapshot, judgeArray(array, snapshot));
/** `FILLED/SLOTS; absent roles; unfit DEVICE ROLE WHY`. */
const words = (array: WatchedArray, snapshot: Snapshot): string => {
  const { filledCount, slotCount, absent, unfit } = of(array, snapshot);
  const lacking = absent.map(({ role }) => role).join();
  const present = unfit.map(({ device, role, why }) => `${device} ${role} ${why.code}`).join();
  return `${filledCount}/${slotCount}; ${lacking}; ${present}`;
};
const THREE = { roles: [0, 1, 2], raidDevices: 3, events: 100 };

const cases: readonly (readonly [what: string, array: WatchedArray, snapshot: Snapshot, wanted: string])[] = [
  ['nothing is present', mirror, seen(), '0/2; 0,1; '],
  ['all of it', mirror, seen(member(A), member(B)), '2/2; ; '],
  ['one is absent', mirror, seen(member(A)), '1/2; 1; '],
  [
    'grown from 2 to 3 since',
    mirror,
    seen(member({ ...THREE, number: 0 }), member({ ...THREE, number: 2 })),
    '2/3; 1; ',
  ],
  [
    'the newest superblock counts, not an older one',
    mirror,
    seen(member({ ...THREE, number: 0 }), member({ ...B, events: 50 })),
    '1/3; 2; sdb1 1 older',
  ],
  [
    'half rebuilt',
    mirror,
    seen(member(A), member({ ...B, superblock: { recoveryOffsetSectors: 8 } })),
    '1/2; ; sdb1 1 rebuilding',
  ],
  [
    'half rebuilt beside the member that it replaces',
    mirror,
    seen(
      member(A),
      member(B),
      member({ number: 2, role: 1, events: 100, roles: [0, 1, 1], superblock: { recoveryOffsetSectors: 8 } }),
    ),
    '2/2; ; ',
  ],
  ['older', mirror, seen(member(A), member({ ...B, events: 60 })), '1/2; ; sdb1 1 older'],
  [
    'as new, but the other has it in no role',
    mirror,
    seen(member({ ...A, roles: [0, null] }), member({ ...B, events: 99 })),
    '1/2; ; sdb1 1 left-out',
  ],
  ['failed by md', mirror, seen(member(A), member({ ...B, faulty: true })), '1/2; ; sdb1 1 failed'],
  [
    'failed by its own word: the list knows its role',
    mirror,
    seen(member(A), member({ ...B, role: 'faulty' })),
    '1/2; ; sdb1 1 failed',
  ],
  [
    'a spare that was a member when the list was made',
    mirror,
    seen(member(A), member({ ...B, role: 'spare' })),
    '1/2; ; sdb1 1 spare',
  ],
  [
    'a spare that never was one',
    mirror,
    seen(member(A), member({ ...B, number: 4, role: 'spare' })),
    '1/2; 1; ',
  ],
  [
    'another disk in the place of one that is absent: that one may still come',
    mirror,
    seen(member(A), member({ ...B, number: 4, events: 50, role: 1 })),
    '1/2; 1; sde1 1 older',
  ],
  [
    'another disk in a place that the list does not know',
    watched([watchedMember(0, 0, 90)]),
    seen(member(A), member({ ...B, events: 50 })),
    '1/2; ; sdb1 1 older',
  ],
  [
    'a spare alone knows how many there are',
    mirror,
    seen(member({ ...THREE, number: 4, role: 'spare' })),
    '0/3; 0,1,2; ',
  ],
  [
    'the disk is there and has no superblock',
    named,
    { ...seen(member(A)), byName: new Map([['ata-1', 'sdb']]) },
    '1/2; ; sdb 1 unreadable',
  ],
  [
    'the disk is there and belongs to another array',
    named,
    {
      ...seen(member(A), member({ ...B, device: 'sdb', superblock: { arrayUuid: 'other' as never } })),
      byName: new Map([['ata-1', 'sdb']]),
    },
    '1/2; ; sdb 1 other-array',
  ],
  [
    'the disk is there with another role of this array',
    named,
    {
      ...seen(member(A), member({ ...B, number: 4, device: 'sdb', events: 50, role: 1 })),
      byName: new Map([['ata-1', 'sdb']]),
    },
    '1/2; 1; sdb 1 older',
  ],
];

for (const [what, array, snapshot, wanted] of cases)
  test(what, async (t) => {
    t.equal(words(array, snapshot), wanted);
  });

test('how far behind, and since when', async (t) => {
  t.match(of(mirror, seen(member(A), member({ ...B, events: 60 }))).unfit, [
    { why: { code: 'older', behind: 40, writtenMs: T0 + 60_000 }, disk: { serial: 'serial-1' } },
  ]);
});

test('a running array is counted by what md says', async (t) => {
  const presence = presenceOf(mirror, seen(member(A)), { kind: 'active', device: 'md0', degraded: 1 });
  t.match(presence, { filledCount: 1, slotCount: 2, absent: [], unfit: [] });
});

test('only the copy that was chosen is looked at', async (t) => {
  const snapshot = seen(member({ ...A, roles: [0, null] }), member({ ...B, events: 50, roles: [null, 1] }));
  const answer = {
    ...{ devices: new Set(['sdb1']), accepts: new Set<never>() },
    whenPresent: 'sda1/device-0 sdb1/device-1',
  };
  const verdict = judgeArray(mirror, snapshot, { stale: 'ask', answer });
  t.match(presenceOf(mirror, snapshot, verdict, answer), {
    filledCount: 1,
    absent: [],
    unfit: [],
  });
});

test('whatever superblocks say: never below 0 nor above the number of slots, and nobody is named twice', async (t) => {
  const anyMember = fc
    .record({
      number: fc.nat(7),
      events: fc.nat(200),
      raidDevices: fc.integer({ min: 0, max: 8 }),
      level: fc.constantFrom(-1, 0, 1, 5, 6, 10, 77),
      roles: fc.array(fc.option(fc.nat(9)), { maxLength: 8 }),
      role: fc.oneof(fc.nat(9), fc.constantFrom('spare' as const, 'faulty' as const, 'journal' as const)),
      faulty: fc.boolean(),
      isHalf: fc.boolean(),
    })
    .map(({ isHalf, ...facts }): PresentMember => {
      const superblock = { recoveryOffsetSectors: isHalf ? 8 : null };
      return member({ ...facts, superblock });
    });
  fc.assert(
    fc.property(fc.array(anyMember, { maxLength: 8 }), fc.nat(8), (members, raidDevices) => {
      const array = watched(
        [0, 1, 2, 3].map((n) => watchedMember(n, n, 90)),
        { level: 5, raidDevices },
      );
      const own = members.map((each, n) => ({ ...each, device: `sd${n}` }));
      const { filledCount, slotCount, absent, unfit } = of(array, seen(...own));
      const devices = new Set(unfit.map(({ device }) => device));
      const isSound =
        filledCount >= 0 &&
        filledCount <= slotCount &&
        filledCount + absent.length <= slotCount + 1 &&
        devices.size === unfit.length;
      if (!isSound) throw new Error(JSON.stringify({ filledCount, slotCount, absent, unfit }));
    }),
    { numRuns: 1000 },
  );
  t.pass();
});
