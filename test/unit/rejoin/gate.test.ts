import fc from 'fast-check';
import t from 'tap';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { slotStates } from '../../../src/core/md/slot-states.ts';
import type { Role, Superblock } from '../../../src/core/md/superblock.ts';
import {
  type GateFacts,
  judgeGate,
  needsSiblings,
  type RecordedArray,
} from '../../../src/core/rejoin/gate.ts';
import {
  decideReadd,
  type MemberDevice,
  type RunningArray,
  rebuildCommands,
} from '../../../src/core/rejoin/readd-decision.ts';
import { recordedArray } from '../../../src/core/rejoin/recorded-array.ts';
import { renderGate } from '../../../src/core/render/commands/gate-answer.ts';

const UUID = '11111111:22222222:33333333:44444444' as MdUuid;

interface Plan {
  readonly number: number;
  readonly role?: Role;
  readonly events?: number;
  /** Device numbers that hold each slot, in its own view. */
  readonly holders?: readonly (readonly number[])[];
  readonly more?: Partial<Superblock>;
}

function superblock({
  number,
  role = number,
  events = 10,
  holders = [[0], [1]],
  more = {},
}: Plan): Superblock {
  return {
    metadata: '1.2',
    arrayUuid: UUID,
    deviceUuid: `uuid-${number}`,
    name: 'host:root',
    level: 1,
    layout: 0,
    chunkBytes: 0,
    raidDevices: holders.length,
    deviceNumber: number,
    role,
    slots: slotStates(holders),
    slotHolders: holders,
    events,
    updateTimeMs: 1_700_000_000_000,
    clean: true,
    hasBitmap: true,
    needsJournal: false,
    reshaping: false,
    recoveryOffsetSectors: null,
    ...more,
  };
}

const member = (plan: Plan): MemberDevice => ({
  device: `sd${'abcdefgh'[plan.number]}`,
  superblock: superblock(plan),
});
const alone0 = [[0], []];
const alone1 = [[], [1]];
/** Mirror md0 on role 0 alone, at events 20. */
const running = (...members: readonly MemberDevice[]): RunningArray => ({
  device: 'md0',
  degraded: 1,
  members: members.length > 0 ? members : [member({ number: 0, events: 20, holders: alone0 })],
  unreadable: [],
});

t.test('S8: who may join a running array', async (t) => {
  const cases: readonly [what: string, joiner: MemberDevice, array: RunningArray, expected: string][] = [
    ['left while both were there', member({ number: 1 }), running(), 'allow'],
    [
      'as late as the array itself, which was not written yet',
      member({ number: 1, events: 20 }),
      running(),
      'allow',
    ],
    ['ran alone', member({ number: 1, holders: alone1 }), running(), 'used-alone'],
    [
      'ran alone, with more events',
      member({ number: 1, events: 90, holders: alone1 }),
      running(),
      'used-alone',
    ],
    ['newer events', member({ number: 1, events: 21 }), running(), 'events-above'],
    ['a copy of a member', member({ number: 1, more: { deviceUuid: 'uuid-0' } }), running(), 'duplicate'],
    [
      'left before the other was replaced',
      member({ number: 1 }),
      running(member({ number: 2, role: 0, events: 20, holders: [[2], []] })),
      'left-before',
    ],
    [
      'its slot is held by a successor, even one that is still rebuilt',
      member({ number: 1 }),
      running(
        member({ number: 0, events: 20 }),
        member({ number: 2, role: 1, events: 20, holders: [[0], [2]], more: { recoveryOffsetSectors: 8 } }),
      ),
      'slot-taken',
    ],
    [
      'does not count a member that is only being rebuilt',
      member({ number: 2, holders: [[0], [], [2]] }),
      running(
        member({ number: 0, events: 20, holders: [[0], [1], []] }),
        member({ number: 1, events: 20, holders: [[0], [1], []], more: { recoveryOffsetSectors: 8 } }),
      ),
      'allow',
    ],
    [
      'reshaped since',
      member({ number: 1 }),
      running(member({ number: 0, holders: [[0], [], [3]] })),
      'reshaped',
    ],
    ['a reshape runs', member({ number: 1, more: { reshaping: true } }), running(), 'reshaped'],
    ['a spare', member({ number: 2, role: 'spare' }), running(), 'no-slot'],
    [
      'another array',
      member({ number: 1, more: { arrayUuid: 'ffffffff:22222222:33333333:44444444' as MdUuid } }),
      running(),
      'other-array',
    ],
    ['nothing to compare with', member({ number: 1 }), { ...running(), members: [] }, 'unreadable'],
    ['a member cannot be read', member({ number: 1 }), { ...running(), unreadable: ['sdz'] }, 'unreadable'],
  ];
  for (const [what, joiner, array, expected] of cases) {
    const decision = decideReadd(joiner, array, null);
    t.equal(decision.kind === 'allow' ? 'allow' : decision.code, expected, what);
    if (decision.kind === 'refuse') t.match(decision.text, /^[ -~]+$/, `${what}: plain text`);
  }
  t.match(decideReadd(member({ number: 1, holders: alone1 }), running(), null), {
    text: 'it was used without role 0 (sda), last on 2023-11-14 22:13 UTC',
  });
  t.same(rebuildCommands('md0', 'sdb'), ['wipefs --all /dev/sdb', 'mdadm /dev/md0 --add /dev/sdb']);
});

t.test('S8: a known device UUID', async (t) => {
  const joiner = member({ number: 1 });
  const code = (known: readonly string[] | null, array = running()) => {
    const decision = decideReadd(joiner, array, known === null ? null : new Set(known));
    return decision.kind === 'allow' ? 'allow' : decision.code;
  };
  t.equal(code(['uuid-0', 'uuid-1']), 'allow');
  t.equal(code(['uuid-0', 'uuid-7']), 'unknown-device');
  t.equal(code(['uuid-0']), 'allow', 'the record was first made without it');
  t.equal(code(null), 'allow', 'no record');
  const unwritten = running(member({ number: 0, events: 20 }));
  t.equal(code(['uuid-0'], unwritten), 'allow', "the array's own role table gives it the slot");
});

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
const record = (more: Partial<RecordedArray> = {}): RecordedArray => ({
  ...{ events: 50, updateTimeMs: 1_700_000_000_000, inSync: ['uuid-0'], seen: ['uuid-0', 'uuid-1'] },
  ...more,
});

t.test('the gate', async (t) => {
  const whole = member({ number: 1 });
  const diverged = member({ number: 1, holders: alone1 });
  const other = member({ number: 0, holders: alone0 });
  const cases: readonly [what: string, facts: GateFacts, expected: string][] = [
    ['image: all call each other present', { ...IMAGE, member: whole }, 'pass'],
    ['image: used without another', { ...IMAGE, member: diverged }, 'hold'],
    ['image: not listed', { ...IMAGE, isListed: false, member: diverged }, 'pass'],
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

t.test('its answer as udev properties holds nothing that a rule would expand', async (t) => {
  t.equal(
    renderGate({ gate: 'hold', why: 'md0 runs, "$env{x}" %k\\\n`id`' }, true),
    'RELIABLE_RAID_GATE=hold\nRELIABLE_RAID_WHY="md0 runs, __env_x__ _k___id_"',
  );
  t.equal(renderGate({ gate: 'pass', why: 'it may join' }, false), 'pass: it may join');
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (why) => {
      const lines = renderGate({ gate: 'hold', why }, true).split('\n');
      return (
        lines.length === 2 && /^RELIABLE_RAID_WHY="[A-Za-z0-9 .,:;()/+_=!-]{0,200}"$/.test(lines[1] ?? '')
      );
    }),
  );
});

t.test('what was last recorded of an array', async (t) => {
  const deviceUuid = '01234567:89abcdef:01234567:89abcdef';
  const entry = {
    ...{ arrayUuid: UUID, device: 'md0', recordedAtMs: 1, events: 50, updateTimeMs: 1_700_000_000_000 },
    inSync: [{ deviceUuid, role: 0 }],
    seen: [{ deviceUuid, lastSeenMs: 1, events: 50 }],
  };
  const text = (value: unknown) => JSON.stringify({ schema: 'reliable-raid/ledger/1', entries: [value] });
  t.same(recordedArray(text(entry), UUID), record({ inSync: [deviceUuid], seen: [deviceUuid] }));
  t.equal(recordedArray(text({ ...entry, events: -1 }), UUID), null);
  t.equal(recordedArray(text(entry), 'ffffffff:22222222:33333333:44444444' as MdUuid), null);
  t.equal(recordedArray('{"entries"', UUID), null);
  fc.assert(fc.property(fc.json(), (json) => recordedArray(json, UUID) === null));
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
    fc.record({ events: fc.nat({ max: 20 }), updateTimeMs: fc.nat(), inSync: uuids, seen: uuids }),
  ),
  siblings: fc.array(anyMember, { maxLength: 3 }),
});
const RUNS = { numRuns: 5_000 };

t.test('whatever it is asked, it answers in plain words', async () => {
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { gate, why } = judgeGate(facts);
      return ['pass', 'hold', 'readd'].includes(gate) && /^[ -~]+$/.test(why);
    }),
    RUNS,
  );
});

t.test(
  'S5, S6: no member that misses another of a listed array passes while the array does not run in the image',
  async () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { member: asked } = facts;
        fc.pre(asked.superblock.slots.includes('missing'));
        return (
          judgeGate({ ...facts, place: 'image', isListed: true, boundTo: null, running: null }).gate ===
          'hold'
        );
      }),
      RUNS,
    );
  },
);

t.test('S1: in the image no member of an array that is not listed is held', async () => {
  fc.assert(
    fc.property(
      anyFacts,
      (facts) => judgeGate({ ...facts, place: 'image', isListed: false }).gate === 'pass',
    ),
    RUNS,
  );
});

t.test('S8: no joiner that ran without a member in sync, or has newer events, is let through', async () => {
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

t.test('siblings are asked for wherever they could matter', async () => {
  fc.assert(
    fc.property(
      anyFacts,
      (facts) => needsSiblings(facts) || judgeGate({ ...facts, siblings: [] }).gate === judgeGate(facts).gate,
    ),
    RUNS,
  );
});
