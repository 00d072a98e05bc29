import fc from 'fast-check';
import { test } from 'tap';
import { enough } from '../../../src/core/md/enough.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import type { PresentArray, PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import { judgeArray, lastWrittenMs } from '../../../src/core/verdict/judge-array.ts';
import { A, B, judge, member, seen, UUID, watched, watchedMember } from '../../support/present-members.ts';

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

test('S15: known degraded, and the list does not know it: waited for only where the missing can have run alone', async (t) => {
  const degradedBefore = (level: number, gone: readonly number[], out: readonly number[], count = 4) => {
    const roles = Array.from({ length: count }, (_, n) => (out.includes(n) ? null : n));
    const all = Array.from({ length: count }, (_, n) =>
      member({ number: n, events: 95, roles, raidDevices: count, level }),
    );
    const listed = all.map((_, n) => watchedMember(n, n, 90));
    const verdict = judgeArray(watched(listed), seen(...all.filter((_, n) => !gone.includes(n))), {
      stale: 'ask',
    });
    return verdict.kind === 'startable' ? verdict.degradedBefore : verdict.kind;
  };
  t.equal(degradedBefore(5, [1], [1]), true, 'one of RAID5 holds nothing without the others');
  t.equal(degradedBefore(5, [1], []), false, 'it was in sync: it may come');
  t.equal(degradedBefore(6, [1], [1]), true);
  t.equal(degradedBefore(6, [1, 2], [1, 2]), false, 'two of four are enough: they may have run too');
  t.equal(degradedBefore(6, [1, 2], [1]), false);
  t.equal(degradedBefore(1, [1], [1], 2), false, 'so may half of a mirror');
  t.equal(degradedBefore(5, [1], [1], 2), false, 'and one of a RAID5 of two');
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
  t.equal(parity(4, 3, [0, 1], false), 'unsafe dirty-degraded 2', 'though only the parity is missing (F19)');
  t.equal(parity(4, 3, [0, 2], false), 'unsafe dirty-degraded 1');
  t.equal(parity(1, 2, [0], false), 'startable 1');
  t.equal(parity(0, 2, [0], true), 'insufficient 1');
  const dirty = [0, 1].map((number) =>
    member({
      ...{ number, events: 7, roles: [0, 1, 2], raidDevices: 3, level: 5 },
      superblock: { clean: false },
    }),
  );
  t.match(
    judgeArray(watched(), seen(...dirty), { stale: 'ask', startDirty: true }),
    { kind: 'startable', missingRoles: [2] },
    'md was told so',
  );
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

test('a reshape that moves away from its data is started like any other array', async (t) => {
  const grown = (number: number, clean = true) =>
    member({
      ...{ number, events: 7, roles: [0, 1, 2, 3], raidDevices: 4, level: 5 },
      superblock: { reshaping: true, clean },
    });
  t.equal(judge(watched(), seen(grown(0), grown(1), grown(2))), 'startable 3');
  t.equal(judge(watched(), seen(grown(1), grown(2), grown(3))), 'startable 0');
  t.equal(judge(watched(), seen(grown(0), grown(1), grown(2), grown(3))), 'complete');
  t.equal(judge(watched(), seen(grown(0, false), grown(1), grown(2))), 'unsafe dirty-degraded 3');
  t.equal(judge(watched(), seen(grown(0), grown(1))), 'insufficient 2,3');
});

test('what cannot be judged', async (t) => {
  const needsBackup = { reshaping: true, reshapeNeedsBackup: true } as const;
  t.equal(judge(watched(), seen(member({ ...A, superblock: needsBackup }))), 'unsafe reshape 1');
  t.equal(
    judge(watched(), seen(member({ ...A, superblock: needsBackup }), member(B))),
    'unsafe reshape',
    'whole as well',
  );
  t.equal(judge(watched(), seen(member({ ...A, level: -4 }))), 'unsafe unknown-level 1');
  t.equal(judge(watched([], { metadata: 'imsm' }), seen()), 'unsafe external-metadata');
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
