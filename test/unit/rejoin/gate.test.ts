import fc from 'fast-check';
import { test } from 'tap';
import type { Role } from '../../../src/core/md/superblock.ts';
import { type GateFacts, judgeGate, needsSiblings } from '../../../src/core/rejoin/gate.ts';
import type { MemberDevice } from '../../../src/core/rejoin/readd-decision.ts';
import { alone0, alone1, member, record, running, superblock } from '../../support/member-devices.ts';

const IMAGE: Omit<GateFacts, 'member'> = {
  place: 'image',
  isListed: true,
  boundTo: null,
  running: null,
  known: null,
  recorded: null,
  siblings: [],
};
const SYSTEM: Omit<GateFacts, 'member'> = { ...IMAGE, place: 'system', isListed: false };

test('the gate', async (t) => {
  const whole = member({ number: 1 });
  const diverged = member({ number: 1, holders: alone1 });
  const other = member({ number: 0, holders: alone0 });
  const cases: readonly [what: string, facts: GateFacts, expected: string][] = [
    ['image: all call each other present', { ...IMAGE, member: whole }, 'pass'],
    ['image: used without another', { ...IMAGE, member: diverged }, 'hold'],
    [
      'image: a level that nobody here starts or asks about',
      { ...IMAGE, member: { ...diverged, superblock: { ...diverged.superblock, level: -4 } } },
      'pass',
    ],
    ['image: not listed', { ...IMAGE, isListed: false, member: diverged }, 'hold'],
    [
      'image: not listed, and its array runs',
      { ...IMAGE, isListed: false, member: diverged, running: running() },
      'hold',
    ],
    ['image: not listed, whole', { ...IMAGE, isListed: false, member: whole }, 'pass'],
    ['system: never, and all call each other present', { ...SYSTEM, member: whole, policy: 'never' }, 'pass'],
    ['system: never, recorded as degraded', { ...SYSTEM, member: diverged, policy: 'never' }, 'hold'],
    ['system: ask, recorded as degraded', { ...SYSTEM, member: diverged, policy: 'ask' }, 'hold'],
    ['system: start, recorded as degraded', { ...SYSTEM, member: diverged, policy: 'start' }, 'pass'],
    [
      'system: never, a level that nobody here starts',
      {
        ...{ ...SYSTEM, policy: 'never' },
        member: { ...diverged, superblock: { ...diverged.superblock, level: -4 } },
      },
      'pass',
    ],
    ['image: bound already', { ...IMAGE, boundTo: 'md0', member: diverged }, 'pass'],
    ['image: may join what runs', { ...IMAGE, running: running(), member: whole }, 'pass'],
    [
      'image: unknown there',
      { ...IMAGE, running: running(), known: new Set(['uuid-0', 'uuid-7']), member: whole },
      'hold',
    ],
    ['image: may not join what runs', { ...IMAGE, running: running(), member: diverged }, 'hold'],
    ['system: used alone, and the other not in sight', { ...SYSTEM, member: diverged }, 'pass'],
    ['system: both halves in sight', { ...SYSTEM, member: diverged, siblings: [other] }, 'hold'],
    [
      'system: the other half is an ordinary stale one',
      { ...SYSTEM, member: diverged, siblings: [member({ number: 0 })] },
      'pass',
    ],
    [
      'system: a disk and its successor',
      { ...SYSTEM, member: diverged, siblings: [member({ number: 2, role: 1, holders: [[0], [2]] })] },
      'pass',
    ],
    [
      'system: used alone, and the others went on with a successor',
      { ...SYSTEM, member: diverged, siblings: [member({ number: 0, holders: [[0], [2]] })] },
      'hold',
    ],
    [
      'system: whole by its own word, whoever else is there: it cannot start alone',
      { ...SYSTEM, member: member({ number: 0, holders: [[0], [2]] }), siblings: [diverged] },
      'pass',
    ],
    ['system: a member returns', { ...SYSTEM, running: running(), member: whole }, 'readd'],
    [
      'system: a spare',
      { ...SYSTEM, running: running(), member: member({ number: 2, role: 'spare' }) },
      'pass',
    ],
    ['system: a diverged one returns', { ...SYSTEM, running: running(), member: diverged }, 'hold'],
    [
      'system: a slot is taken',
      {
        ...SYSTEM,
        running: running(member({ number: 0 }), member({ number: 2, role: 1, holders: [[0], [2]] })),
        member: whole,
      },
      'hold',
    ],
    ['system: stale, the newer one not here', { ...SYSTEM, recorded: record(), member: whole }, 'hold'],
    [
      'system: stale, and all that were in sync are here',
      { ...SYSTEM, recorded: record(), member: whole, siblings: [member({ number: 0, events: 12 })] },
      'pass',
    ],
    [
      'system: out of sync when recorded',
      { ...SYSTEM, recorded: record({ events: 10 }), member: whole },
      'hold',
    ],
    [
      'system: used without the one that was last in sync, however often',
      {
        ...SYSTEM,
        recorded: record({ events: 3, inSync: ['uuid-0'] }),
        member: member({ number: 1, events: 50, holders: alone1 }),
      },
      'hold',
    ],
    [
      'system: used without the other, as recorded',
      {
        ...SYSTEM,
        recorded: record({ events: 3, inSync: ['uuid-1'], inSyncRoles: [1] }),
        member: member({ number: 1, events: 50, holders: alone1 }),
      },
      'pass',
    ],
    ['system: rebuilt since', { ...SYSTEM, recorded: record({ events: 9 }), member: whole }, 'pass'],
    [
      'system: in sync as recorded',
      { ...SYSTEM, recorded: record({ events: 10, inSync: ['uuid-1'] }), member: whole },
      'pass',
    ],
  ];
  for (const [what, facts, expected] of cases) {
    const answer = judgeGate(facts);
    t.equal(answer.gate, expected, `${what} (${answer.why})`);
    t.match(answer.why, /^[ -~]+$/);
  }
});

const holders = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }), {
  minLength: 1,
  maxLength: 4,
});
const anyMember: fc.Arbitrary<MemberDevice> = fc
  .record({
    number: fc.integer({ min: 0, max: 4 }),
    role: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom<Role>('spare', 'faulty', 'journal')),
    events: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.maxSafeNat()),
    holders,
    metadata: fc.constantFrom('0.90' as const, '1.2' as const),
    deviceUuid: fc.oneof(fc.constantFrom('uuid-0', 'uuid-1', 'uuid-2'), fc.string()),
    recoveryOffsetSectors: fc.option(fc.nat()),
    reshaping: fc.boolean(),
    device: fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }),
    updateTimeMs: fc.maxSafeNat(),
  })
  .map(({ number, role, events, holders: slots, device, ...more }) => ({
    device,
    superblock: superblock({ number, role, events, holders: slots, more }),
  }));
const uuids = fc.array(fc.constantFrom('uuid-0', 'uuid-1', 'uuid-2', 'uuid-3'), { maxLength: 3 });
const anyFacts: fc.Arbitrary<GateFacts> = fc.record({
  place: fc.constantFrom('image' as const, 'system' as const),
  isListed: fc.boolean(),
  member: anyMember,
  boundTo: fc.constantFrom(null, null, null, 'md1'),
  running: fc.option(
    fc.record({
      device: fc.constant('md0'),
      degraded: fc.option(fc.nat({ max: 3 })),
      members: fc.array(anyMember, { maxLength: 3 }),
      unreadable: fc.array(fc.constant('sdz'), { maxLength: 1 }),
    }),
  ),
  known: fc.option(uuids.map((list) => new Set(list))),
  recorded: fc.option(
    fc.record({
      events: fc.nat({ max: 20 }),
      updateTimeMs: fc.nat(),
      inSync: uuids,
      seen: uuids,
      inSyncRoles: fc.array(fc.nat({ max: 3 }), { maxLength: 2 }),
      isForeign: fc.boolean(),
    }),
  ),
  siblings: fc.array(anyMember, { maxLength: 3 }),
});
const RUNS = { numRuns: 5_000 };

test('whatever it is asked, it answers in plain words', async () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { gate, why } = judgeGate(facts);
      return ['pass', 'hold', 'readd'].includes(gate) && /^[ -~]+$/.test(why);
    }),
    RUNS,
  );
});

test('S5, S6, S14: in the image no member that misses another passes while its array does not run, listed or not', async () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { member: asked } = facts;
      fc.pre(asked.superblock.slots.includes('missing'));
      return judgeGate({ ...facts, place: 'image', boundTo: null, running: null }).gate === 'hold';
    }),
    RUNS,
  );
});

test('S14: what shall never be started degraded, and would be at once, passes nowhere while it does not run', async () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      fc.pre(facts.member.superblock.slots.includes('missing'));
      const idle = { ...facts, boundTo: null, running: null, policy: 'never' } as const;
      return judgeGate(idle).gate === 'hold';
    }),
    RUNS,
  );
});

test('S1: in the image no member of an array that is not listed is held where it calls nobody missing', async () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      fc.pre(!facts.member.superblock.slots.includes('missing'));
      return judgeGate({ ...facts, place: 'image', isListed: false }).gate === 'pass';
    }),
    RUNS,
  );
});

test('S8: no joiner that ran without a member in sync, or has newer events, is let through', async () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { running: array, member: joiner } = facts;
      fc.pre(array !== null && facts.boundTo === null && (facts.place === 'system' || facts.isListed));
      const inSync = (array?.members ?? []).filter(
        ({ superblock: each }) => typeof each.role === 'number' && each.recoveryOffsetSectors === null,
      );
      const bad = inSync.some(
        ({ superblock: each }) =>
          each.role !== joiner.superblock.role &&
          !joiner.superblock.slotHolders[each.role as number]?.includes(each.deviceNumber),
      );
      const newer = inSync.every(({ superblock: each }) => each.events < joiner.superblock.events);
      return !(bad || newer) || judgeGate(facts).gate === 'hold';
    }),
    RUNS,
  );
});

test('siblings are asked for wherever they could matter', async () => {
  fc.assert(
    fc.property(
      anyFacts,
      (facts) => needsSiblings(facts) || judgeGate({ ...facts, siblings: [] }).gate === judgeGate(facts).gate,
    ),
    RUNS,
  );
});
