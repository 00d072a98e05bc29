import fc from 'fast-check';
import { test } from 'tap';
import { enough } from '../../../src/core/md/enough.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { slotStates } from '../../../src/core/md/slot-states.ts';
import type { Role, Superblock } from '../../../src/core/md/superblock.ts';
import type { PresentArray, PresentMember, Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { utcDate } from '../../../src/core/text/utc-date.ts';
import { describeMissing } from '../../../src/core/verdict/describe-missing.ts';
import { judgeArray, lastWrittenMs } from '../../../src/core/verdict/judge-array.ts';
import type { WatchedArray, WatchedMember } from '../../../src/core/watchlist/watchlist.ts';
import { watchedMirror } from '../../support/watched-array.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708' as MdUuid;
const T0 = 1_700_000_000_000;

interface MemberFacts {
  readonly device?: string;
  readonly number: number;
  readonly events: number;
  /** Role of each device number, null for one that is gone. */
  readonly roles: readonly (number | null)[];
  readonly role?: Role;
  readonly level?: number;
  readonly layout?: number;
  readonly raidDevices?: number;
  readonly faulty?: boolean;
  readonly superblock?: Partial<Superblock>;
}

function member(facts: MemberFacts): PresentMember {
  const { number, events, roles, level = 1, layout = 0, raidDevices = 2 } = facts;
  const slotHolders = Array.from({ length: raidDevices }, (_, slot) =>
    roles.flatMap((role, holder) => (role === slot ? [holder] : [])),
  );
  return {
    device: facts.device ?? `sd${'abcdefgh'[number]}1`,
    boundTo: null,
    faulty: facts.faulty ?? false,
    superblock: {
      metadata: '1.2',
      arrayUuid: UUID,
      deviceUuid: `device-${number}`,
      name: 'host:root',
      level,
      layout,
      chunkBytes: 0,
      raidDevices,
      deviceNumber: number,
      role: facts.role ?? roles[number] ?? 'spare',
      slots: slotStates(slotHolders),
      slotHolders,
      events,
      updateTimeMs: T0 + events * 1000,
      clean: true,
      hasBitmap: false,
      needsJournal: false,
      reshaping: false,
      recoveryOffsetSectors: null,
      ...facts.superblock,
    },
  };
}

const NO_DISK = { byId: null, model: null, serial: null, sizeBytes: null };

const watchedMember = (number: number, role: Role, events: number, inSync = true): WatchedMember => ({
  deviceUuid: `device-${number}`,
  role,
  disk: { ...NO_DISK, serial: `serial-${number}` },
  ledger: { events, updateTimeMs: T0 + events * 1000, inSync },
});

const watched = (members: readonly WatchedMember[] = [], more: Partial<WatchedArray> = {}): WatchedArray =>
  watchedMirror(UUID, { members, ...more });

const seen = (...members: readonly PresentMember[]): Snapshot => ({ members, arrays: [] });

/** A verdict in one word and a reason or the missing slots. */
function judge(array: WatchedArray, snapshot: Snapshot, stale: 'ask' | 'start' = 'ask'): string {
  const verdict = judgeArray(array, snapshot, { stale });
  switch (verdict.kind) {
    case 'insufficient':
    case 'startable':
      return `${verdict.kind} ${verdict.missingRoles.join(',')}`;
    case 'unsafe':
      return `unsafe ${verdict.reason.code} ${verdict.missingRoles.join(',')}`.trim();
    case 'active':
      return `active ${verdict.device} ${verdict.degraded}`;
    default:
      return verdict.kind;
  }
}

const A = { number: 0, events: 100, roles: [0, 1] };
const B = { number: 1, events: 100, roles: [0, 1] };

test('enough(): slots that must be there, by level (mdadm util.c)', async (t) => {
  const cases: readonly [
    level: number,
    layout: number,
    devices: number,
    available: readonly number[],
    clean: boolean,
    dirty: boolean,
  ][] = [
    [-1, 0, 2, [0, 1], true, true],
    [-1, 0, 2, [0], false, false],
    [0, 0, 3, [0, 1, 2], true, true],
    [0, 0, 3, [0, 2], false, false],
    [1, 0, 2, [], false, false],
    [1, 0, 2, [1], true, true],
    [1, 0, 4, [3], true, true],
    [4, 0, 3, [0, 1, 2], true, true],
    [4, 0, 3, [0, 1], true, true],
    [4, 0, 3, [0, 2], true, false],
    [4, 0, 3, [0], false, false],
    [5, 2, 3, [0, 1, 2], true, true],
    [5, 2, 3, [0, 1], true, false],
    [5, 2, 3, [2], false, false],
    [6, 2, 4, [0, 1, 2, 3], true, true],
    [6, 2, 4, [0, 1, 3], true, false],
    [6, 2, 4, [0, 3], true, false],
    [6, 2, 4, [3], false, false],
    // near=2: neighbours are copies.
    [10, 0x102, 4, [0, 2], true, true],
    [10, 0x102, 4, [1, 3], true, true],
    [10, 0x102, 4, [0, 1], false, false],
    [10, 0x102, 3, [0, 1], true, true],
    [10, 0x102, 3, [0], false, false],
    [10, 0x102, 5, [0, 2, 4], true, true],
    [10, 0x102, 5, [0, 2, 3], true, true],
    [10, 0x102, 5, [0, 1, 3], true, true],
    [10, 0x102, 5, [0, 1, 4], false, false],
    // near=3
    [10, 0x103, 3, [2], true, true],
    [10, 0x103, 6, [1, 5], true, true],
    // far=2: the next device has the copy.
    [10, 0x201, 4, [0, 2], true, true],
    [10, 0x201, 4, [0, 3], false, false],
    [10, 0x201, 2, [1], true, true],
    // offset=2
    [10, 0x10201, 4, [1, 3], true, true],
    [10, 0x10201, 4, [2, 3], false, false],
    // near=2, far=2
    [10, 0x202, 4, [3], true, true],
    [10, 0x202, 8, [0, 4], true, true],
    [10, 0x202, 8, [0, 1], false, false],
    // Nonsense from a disk: no data is ever "enough" of it, and it ends.
    [10, 0, 4, [0, 1, 2, 3], false, false],
    [10, 0xffff, 4, [], false, false],
    [-4, 0, 2, [0, 1], false, false],
    [7, 0, 2, [0, 1], false, false],
    [1, 0, 0, [], false, false],
  ];
  for (const [level, layout, devices, available, clean, dirty] of cases) {
    const title = `level ${level} layout 0x${layout.toString(16)} of ${devices}: ${available.join(',')}`;
    t.equal(enough(level, layout, devices, new Set(available), true), clean, `${title}, clean`);
    t.equal(enough(level, layout, devices, new Set(available), false), dirty, `${title}, dirty`);
  }
});

test('raid1, the ordinary cases', async (t) => {
  const array = watched([watchedMember(0, 0, 90), watchedMember(1, 1, 90)]);
  t.equal(judge(array, seen()), 'absent');
  t.equal(judge(array, seen(member(A), member(B))), 'complete');
  t.equal(judge(array, seen(member(A))), 'startable 1');
  t.equal(judge(array, seen(member(B))), 'startable 0');
  t.equal(judge(array, seen(member({ ...A, faulty: true }))), 'insufficient 0,1');
  const other = member({ ...A, superblock: { arrayUuid: 'ffffffff:00000000:00000000:00000000' as MdUuid } });
  t.equal(judge(array, seen(other)), 'absent', 'of another array');
  const alone = { number: 0, events: 120, roles: [0, null] };
  t.equal(judge(array, seen(member(alone), member(B))), 'startable 1', 'B was left behind while A ran alone');
  t.equal(judge(array, seen(member(alone))), 'startable 1', 'known degraded');
  t.equal(lastWrittenMs(array, seen(member(alone), member(B))), member(alone).superblock.updateTimeMs);
  t.equal(lastWrittenMs(array, seen()), null);
  t.equal(judge(array, seen(member({ ...A, role: 'spare' }))), 'insufficient 0,1', 'only a spare');
});

test('an array that runs is active, whatever its members say', async (t) => {
  const running: PresentArray = {
    device: 'md0',
    state: 'clean',
    external: false,
    uuid: UUID,
    degraded: 1,
    deadMembers: [],
  };
  const snapshot = (state: PresentArray['state']) => ({
    members: [member(A)],
    arrays: [{ ...running, state }],
  });
  t.equal(judge(watched(), snapshot('read-auto')), 'active md0 1');
  t.equal(judge(watched(), snapshot('inactive')), 'startable 1');
  t.equal(judge(watched(), snapshot('broken')), 'startable 1');
  t.equal(judge(watched(), { members: [], arrays: [{ ...running, degraded: null }] }), 'active md0 0');
});

test('event counts: md tolerates a difference of one, when the freshest still knows the member', async (t) => {
  const older = (events: number) => judge(watched(), seen(member(A), member({ ...B, events })));
  t.equal(older(100), 'complete');
  t.equal(older(99), 'complete');
  t.equal(older(98), 'startable 1');
  const failed = { number: 0, events: 101, roles: [0, null] };
  t.equal(
    judge(watched(), seen(member(failed), member(B))),
    'startable 1',
    'B failed, then the machine crashed',
  );
});

test('members being rebuilt, replaced and spare do not hold the data', async (t) => {
  const rebuilding = member({ ...B, superblock: { recoveryOffsetSectors: 1000 } });
  t.equal(judge(watched(), seen(member(A), rebuilding)), 'startable 1');
  t.equal(judge(watched(), seen(rebuilding)), 'insufficient 0,1');
  const roles = [0, 1, 1];
  const replaced = [
    member({ ...A, roles }),
    member({ ...B, roles }),
    member({ number: 2, events: 100, roles, superblock: { recoveryOffsetSectors: 0 } }),
  ];
  t.equal(judge(watched(), seen(...replaced)), 'complete');
  t.equal(judge(watched(), seen(...replaced.slice(0, 1), ...replaced.slice(2))), 'startable 1');
  const spare = (events: number) => member({ number: 2, events, roles: [0, 1, null] });
  t.equal(
    judge(watched(), seen(member(A), spare(20))),
    'startable 1',
    'md does not write to spares each time',
  );
  t.equal(judge(watched(), seen(member(A), spare(101))), 'startable 1');
  t.equal(
    judge(watched(), seen(member(A), spare(500))),
    'unsafe stale 1',
    'it saw the array go on without A',
  );
});

test('good cases that must not look unsafe', async (t) => {
  const ledger = [watchedMember(0, 0, 90), watchedMember(1, 1, 90)];
  t.equal(judge(watched(ledger), seen(member(A))), 'startable 1', 'a ledger from days ago');
  const replacedB = { number: 2, events: 100, roles: [0, null, 1] };
  t.equal(judge(watched(ledger), seen(member(replacedB))), 'startable 0', 'a member that replaced B since');
  const onlyA = [watchedMember(0, 0, 90), watchedMember(1, 1, 50, false)];
  const alone = { number: 0, events: 100, roles: [0, null] };
  t.equal(
    judge(watched(onlyA), seen(member(alone))),
    'startable 1',
    'already degraded when the image was built',
  );
  t.equal(judge(watched(onlyA), seen(member(B))), 'startable 0', 'B was rebuilt since');
  t.equal(
    judge(watched(ledger), seen(member({ ...A, events: 89 }))),
    'startable 1',
    'md took one event back',
  );
  const old = { number: 1, events: 60, roles: [0, 1] };
  const withNewB = { number: 0, events: 100, roles: [0, null, 1] };
  t.equal(
    judge(watched(), seen(member(withNewB), member(old), member(replacedB))),
    'complete',
    'the disk that was replaced is still attached',
  );
  t.equal(judge(watched(), seen(member(old), member(replacedB))), 'startable 0', 'and the other one fails');
  const both = seen(member({ ...A, events: 50 }), member({ ...B, events: 50 }));
  t.equal(judge(watched(ledger), both), 'complete', 'all disks restored from a backup');
});

test('S6: a stale copy', async (t) => {
  const ledger = [watchedMember(0, 0, 90), watchedMember(1, 1, 90)];
  const stale = seen(member({ ...B, events: 50 }));
  t.equal(judge(watched(ledger), stale), 'unsafe stale 0');
  t.equal(judge(watched(ledger), stale, 'start'), 'startable 0');
  const verdict = judgeArray(watched(ledger), stale);
  t.match(verdict, {
    reason: { code: 'stale', writtenMs: 1_700_000_050_000, behind: 40, newer: { writtenMs: Number } },
  });
  const aloneLedger = [watchedMember(0, 0, 90), watchedMember(1, 1, 50, false)];
  t.equal(judge(watched(aloneLedger), stale), 'unsafe stale 0', 'the ledger saw A go on alone');
});

test('S5: split brain', async (t) => {
  const a = { number: 0, events: 110, roles: [0, null] };
  for (const events of [90, 109, 110, 111, 200]) {
    const b = { number: 1, events, roles: [null, 1] };
    t.match(judge(watched(), seen(member(a), member(b))), /^unsafe split-brain/, `${events} events`);
  }
  const verdict = judgeArray(watched(), seen(member(a), member({ number: 1, events: 90, roles: [null, 1] })));
  t.match(verdict, {
    reason: {
      code: 'split-brain',
      members: [
        { device: 'sda1', role: 0, writtenMs: Number },
        { device: 'sdb1', role: 1, writtenMs: Number },
      ],
    },
  });
  const four = (number: number, events: number, roles: (number | null)[]) =>
    member({ number, events, roles, raidDevices: 4, level: 10, layout: 0x102 });
  const halves = seen(
    four(0, 110, [0, null, 2, null]),
    four(2, 110, [0, null, 2, null]),
    four(1, 105, [null, 1, null, 3]),
    four(3, 105, [null, 1, null, 3]),
  );
  t.equal(judge(watched(), halves), 'unsafe split-brain 1,3', 'two halves of a raid10');
  const ledger = [watchedMember(0, 0, 120), watchedMember(1, 1, 80, false)];
  const inSyncOnceMore = seen(member({ number: 1, events: 119, roles: [null, 1] }));
  t.equal(judge(watched(ledger), inSyncOnceMore), 'unsafe split-brain 0', 'the ledger contradicts it');
  const later = seen(member({ number: 1, events: 300, roles: [null, 1] }));
  t.equal(judge(watched(ledger), later), 'startable 0', 'the image may be older than a rebuild');
  const current = { ledgerIsCurrent: true } as const;
  t.equal(judge(watched(ledger, current), later), 'unsafe split-brain 0', 'an outside ledger is not');
  const unknown = watched([watchedMember(0, 0, 120)], current);
  t.equal(judge(unknown, later), 'unsafe split-brain 0', 'nor does it miss a member');
  const rebuilt = seen(member({ number: 1, events: 300, roles: [0, 1] }));
  t.equal(judge(watched(ledger, current), rebuilt), 'startable 0', 'it was in the array with the other');
});

test('duplicates', async (t) => {
  t.equal(judge(watched(), seen(member(A), member({ ...A, device: 'sdz' }))), 'unsafe duplicate-members 1');
  const twin = member({ ...A, device: 'sdz', events: 40 });
  t.equal(
    judge(watched(), seen(member(A), member(B), twin)),
    'unsafe duplicate-members',
    'an older copy by dd',
  );
  const old = { metadata: '0.90' as const, deviceUuid: `${UUID}/0` };
  const twins = seen(member({ ...A, superblock: old }), member({ ...A, device: 'sdz', superblock: old }));
  t.equal(judge(watched(), twins), 'unsafe duplicate-members 1', 'in 0.90 by slot and events');
  const replaced = seen(
    member({ ...A, superblock: old }),
    member({ ...A, events: 40, device: 'sdz', superblock: old }),
  );
  t.equal(
    judge(watched(), replaced),
    'startable 1',
    'in 0.90 a member that was replaced has the same number',
  );
});

test('S4: dirty and degraded parity, and a missing journal', async (t) => {
  const parity = (level: number, count: number, present: readonly number[], clean: boolean) =>
    judge(
      watched(),
      seen(
        ...present.map((number) =>
          member({
            number,
            events: 7,
            roles: Array.from({ length: count }, (_, i) => i),
            raidDevices: count,
            level,
            superblock: { clean },
          }),
        ),
      ),
    );
  t.equal(parity(5, 3, [0, 1, 2], false), 'complete');
  t.equal(parity(5, 3, [0, 1], true), 'startable 2');
  t.equal(parity(5, 3, [0, 1], false), 'unsafe dirty-degraded 2');
  t.equal(parity(5, 3, [0], true), 'insufficient 1,2');
  t.equal(parity(6, 4, [0, 3], true), 'startable 1,2');
  t.equal(parity(6, 4, [0, 1, 3], false), 'unsafe dirty-degraded 2');
  t.equal(parity(4, 3, [0, 1], false), 'startable 2', 'only the parity is missing');
  t.equal(parity(4, 3, [0, 2], false), 'unsafe dirty-degraded 1');
  t.equal(parity(1, 2, [0], false), 'startable 1');
  t.equal(parity(0, 2, [0], true), 'insufficient 1');
  t.equal(parity(0, 2, [0, 1], true), 'complete');
  const roles = [0, 1, 2];
  const data = (number: number) =>
    member({ number, events: 7, roles, raidDevices: 3, level: 5, superblock: { needsJournal: true } });
  const journal = (events: number) =>
    member({ number: 3, events, roles, role: 'journal', raidDevices: 3, level: 5 });
  t.equal(judge(watched(), seen(data(0), data(1), data(2))), 'unsafe journal-missing');
  t.equal(judge(watched(), seen(data(0), data(1), data(2), journal(7))), 'complete');
  t.equal(judge(watched(), seen(data(0), data(1), journal(6))), 'startable 2');
  t.equal(judge(watched(), seen(data(0), data(1), journal(5))), 'unsafe journal-missing 2');
});

test('what cannot be judged', async (t) => {
  const reshaping = { reshaping: true };
  t.equal(judge(watched(), seen(member({ ...A, superblock: reshaping }))), 'unsafe reshape 1');
  t.equal(judge(watched(), seen(member({ ...A, level: -4 }))), 'unsafe unknown-level 1');
  t.equal(judge(watched([], { metadata: 'imsm' }), seen()), 'unsafe external-metadata');
});

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

test('dates', async (t) => {
  for (const at of [0, T0, 951_782_400_000, 1_709_164_800_000, 4_102_444_799_000, -86_400_000]) {
    t.equal(utcDate(at), `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
  }
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 42 }), (at) =>
      utcDate(at).startsWith(new Date(at).toISOString().slice(0, 10)),
    ),
  );
});

const anyMember = fc
  .record({
    device: fc.constantFrom('sda', 'sdb', 'sdc', 'sdd', 'sde'),
    number: fc.integer({ min: 0, max: 5 }),
    events: fc.integer({ min: 1, max: 6 }),
    roles: fc.array(fc.option(fc.integer({ min: 0, max: 3 })), { minLength: 6, maxLength: 6 }),
    level: fc.constantFrom(0, 1, 4, 5, 6, 10, -1, -4),
    layout: fc.constantFrom(0, 2, 0x102, 0x201, 0x10201),
    raidDevices: fc.integer({ min: 1, max: 4 }),
    faulty: fc.boolean(),
    clean: fc.boolean(),
    recoveryOffsetSectors: fc.constantFrom(null, null, null, 5),
  })
  .map(({ clean, recoveryOffsetSectors, ...facts }) => {
    const made = member(facts);
    const fits = typeof made.superblock.role !== 'number' || made.superblock.role < facts.raidDevices;
    const superblock = { ...made.superblock, clean, recoveryOffsetSectors };
    return { ...made, superblock: fits ? superblock : { ...superblock, role: 'spare' as const } };
  });

test('for any members: never startable or complete without enough of them that agree', async (t) => {
  let judged = 0;
  fc.assert(
    fc.property(fc.uniqueArray(anyMember, { selector: ({ device }) => device, maxLength: 5 }), (members) => {
      const verdict = judgeArray(watched(), { members, arrays: [] });
      if (verdict.kind !== 'startable' && verdict.kind !== 'complete') return true;
      judged++;
      const missing = new Set(verdict.kind === 'startable' ? verdict.missingRoles : []);
      const holders = members.filter(
        ({ faulty, superblock }) =>
          !faulty && typeof superblock.role === 'number' && superblock.recoveryOffsetSectors === null,
      );
      const newest = Math.max(
        ...members
          .filter(({ faulty, superblock }) => !faulty && typeof superblock.role === 'number')
          .map(({ superblock }) => superblock.events),
      );
      const { level, layout, raidDevices } = (
        members.find(
          ({ faulty, superblock }) =>
            !faulty && superblock.events === newest && typeof superblock.role === 'number',
        ) as PresentMember
      ).superblock;
      const roles = new Set(
        holders
          .filter(({ superblock }) => superblock.events >= newest - 1)
          .map(({ superblock }) => superblock.role as number)
          .filter((role) => !missing.has(role)),
      );
      // Levels differ between members only in hostile input; then the freshest decides, and which one that is may be a tie.
      const sameShape = members.every(
        ({ superblock }) =>
          superblock.level === level &&
          superblock.layout === layout &&
          superblock.raidDevices === raidDevices,
      );
      return !sameShape || enough(level, layout, raidDevices, roles, true);
    }),
    { numRuns: 3000 },
  );
  t.ok(judged > 20, `${judged} were startable or complete`);
});

test('for any split: never startable while both sides are here', async (t) => {
  const levels = fc.constantFrom([1, 0], [10, 0x102], [10, 0x201]);
  fc.assert(
    fc.property(
      levels,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
      ([level = 1, layout = 0], eventsLeft, eventsRight, left) => {
        const side = (roles: readonly number[], events: number) =>
          roles.map((number) =>
            member({
              number,
              events,
              level,
              layout,
              raidDevices: 4,
              roles: [0, 1, 2, 3].map((role) => (roles.includes(role) ? role : null)),
            }),
          );
        const right = [0, 1, 2, 3].filter((role) => !left.includes(role));
        const members = [...side(left, eventsLeft), ...side(right, eventsRight)];
        const { kind } = judgeArray(watched(), { members, arrays: [] });
        return kind === 'unsafe' || kind === 'insufficient';
      },
    ),
  );
  t.pass('never started');
});
