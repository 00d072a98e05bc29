import fc from 'fast-check';
import t from 'tap';
import type { CommandEffect } from '../../../src/core/engine/effects.ts';
import type { Message } from '../../../src/core/engine/messages.ts';
import { initialState } from '../../../src/core/engine/state.ts';
import { runEngine } from '../../../src/core/explain/run-engine.ts';
import type { Key } from '../../../src/core/keys/key.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { slotStates } from '../../../src/core/md/slot-states.ts';
import type { Superblock } from '../../../src/core/md/superblock.ts';
import type { TimelineEntry } from '../../../src/core/report/timeline.ts';
import type { PresentArray, PresentMember, Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { copiesOf } from '../../../src/core/verdict/copies.ts';
import { slotMembers } from '../../../src/core/verdict/freshness.ts';
import { DEFAULT_SETTINGS, WATCHLIST_SCHEMA, type Watchlist } from '../../../src/core/watchlist/watchlist.ts';
import { DEFAULT_OPTIONS } from '../../support/simulated-boot.ts';
import { watchedMirror } from '../../support/watched-array.ts';

const UUID = '734f71cb:0c800a0c:01020304:05060708' as MdUuid;
const T0 = 1_760_000_000_000;

interface DiskFacts {
  readonly device: string;
  readonly role: number;
  readonly events: number;
  /** Roles that it calls active. */
  readonly knows: readonly number[];
  readonly clean?: boolean;
}

interface MachineFacts {
  readonly level: number;
  readonly raidDevices: number;
  readonly disks: readonly DiskFacts[];
  /** Bound by udev before the engine came. */
  readonly bound?: readonly string[];
  /** Roles that the ledger calls in sync, with the events it saw. */
  readonly ledger?: readonly (readonly [role: number, events: number, inSync: boolean])[];
}

function superblockOf(facts: DiskFacts, { level, raidDevices }: MachineFacts): Superblock {
  const slotHolders = Array.from({ length: raidDevices }, (_, slot) =>
    facts.knows.includes(slot) ? [slot] : [],
  );
  return {
    metadata: '1.2',
    arrayUuid: UUID,
    deviceUuid: `device-${facts.role}`,
    name: 'host:root',
    level,
    layout: level === 10 ? 0x102 : 2,
    chunkBytes: 65_536,
    raidDevices,
    deviceNumber: facts.role,
    role: facts.role,
    slots: slotStates(slotHolders),
    slotHolders,
    events: facts.events,
    updateTimeMs: T0 + facts.events * 60_000,
    clean: facts.clean ?? true,
    hasBitmap: true,
    needsJournal: false,
    reshaping: false,
    recoveryOffsetSectors: null,
  };
}

function watchlistOf({ level, raidDevices, ledger = [] }: MachineFacts): Watchlist {
  return {
    schema: WATCHLIST_SCHEMA,
    hostName: 'test',
    settings: DEFAULT_SETTINGS,
    arrays: [
      watchedMirror(UUID, {
        level,
        layout: level === 10 ? 0x102 : 2,
        raidDevices,
        members: ledger.map(([role, events, inSync]) => ({
          deviceUuid: `device-${role}`,
          role,
          disk: { byId: null, model: 'DISK', serial: `S${role}`, sizeBytes: null },
          ledger: { events, updateTimeMs: T0 + events * 60_000, inSync },
        })),
      }),
    ],
    tree: [],
    warnings: [],
  };
}

interface Run {
  readonly said: readonly Message[];
  readonly timeline: readonly TimelineEntry[];
  readonly outcome: string | null;
  /** Devices that were in the array when it was started; null when it was not. */
  readonly startedFrom: readonly string[] | null;
  readonly dirty: boolean;
  readonly endMs: number;
}

/** The engine over a machine with one array: md as it is when a start is asked for, without a mind of its own. */
function run(facts: MachineFacts, keys: readonly (readonly [atMs: number, key: Key])[] = []): Run {
  const bound = new Set(facts.bound ?? []);
  let running = false;
  let dirty = false;
  const snapshot = (): Snapshot => {
    const members: PresentMember[] = facts.disks.map((disk) => ({
      device: disk.device,
      superblock: superblockOf(disk, facts),
      boundTo: bound.has(disk.device) ? 'md0' : null,
      faulty: false,
    }));
    const arrays: PresentArray[] =
      bound.size === 0
        ? []
        : [
            {
              device: 'md0',
              state: running ? 'read-auto' : 'inactive',
              external: false,
              deadMembers: [],
              uuid: UUID,
              degraded: running ? facts.raidDevices - bound.size : null,
            },
          ];
    return { members, arrays };
  };
  const act = (command: CommandEffect): boolean => {
    if (command.kind === 'assemble') for (const device of command.devices) bound.add(device);
    if (command.kind === 'stop-array') bound.clear();
    if (command.kind === 'run-array') {
      running = true;
      dirty = command.dirty;
    }
    return true;
  };
  const { said, timeline, outcome, endMs } = runEngine(
    initialState(watchlistOf(facts), DEFAULT_OPTIONS),
    { snapshot, act },
    keys.map(([atMs, key]) => ({
      atMs,
      happen: (nowMs) => ({ kind: 'key', atMs: nowMs, key, console: 'ttyS0' }),
    })),
  );
  return { said, timeline, outcome, startedFrom: running ? [...bound].sort() : null, dirty, endMs };
}

/** What was said of that kind. */
const said = <K extends Message['kind']>({ said: messages }: Run, kind: K) =>
  messages.filter((message): message is Extract<Message, { readonly kind: K }> => message.kind === kind);

const kinds = ({ timeline }: Run): string[] => timeline.map(({ kind }) => kind);

const SPLIT: MachineFacts = {
  level: 1,
  raidDevices: 2,
  disks: [
    { device: 'sda1', role: 0, events: 30, knows: [0] },
    { device: 'sdb1', role: 1, events: 22, knows: [1] },
  ],
  ledger: [
    [0, 10, true],
    [1, 10, true],
  ],
};

t.test('S5: both halves of a split mirror: asked, nothing started without an answer', async (t) => {
  const unanswered = run(SPLIT);
  t.equal(unanswered.outcome, 'handover');
  t.equal(unanswered.startedFrom, null);
  t.same(
    kinds(unanswered).filter((kind) => kind === 'asked'),
    ['asked'],
    'once',
  );
  t.equal(unanswered.endMs, 11_000 + 180_000, 'max_wait from the question on');
  const copy = (device: string, role: number, events: number, other: string) => ({
    members: [{ device, role }],
    events,
    updateTimeMs: T0 + events * 60_000,
    missingRoles: [1 - role],
    leavesOut: [{ device: other }],
  });
  t.match(said(unanswered, 'question'), [
    {
      array: { name: 'root', level: 1 },
      question: {
        reason: { code: 'split-brain' },
        choices: [copy('sda1', 0, 30, 'sdb1'), copy('sdb1', 1, 22, 'sda1')],
      },
      shellDenied: null,
    },
  ]);
  t.match(
    unanswered.timeline.find(({ kind }) => kind === 'asked'),
    {
      array: UUID,
      reason: 'split-brain',
      choices: [
        { devices: ['sda1'], events: 30, writtenMs: T0 + 30 * 60_000, missingRoles: [1] },
        { devices: ['sdb1'], events: 22, writtenMs: T0 + 22 * 60_000, missingRoles: [0] },
      ],
    },
  );
});

t.test(
  'S5: the answer starts that copy and leaves the other alone, wherever udev had put them',
  async (t) => {
    for (const bound of [[], ['sda1'], ['sdb1'], ['sda1', 'sdb1']]) {
      for (const [digit, device] of [
        ['1', 'sda1'],
        ['2', 'sdb1'],
      ] as const) {
        const answered = run({ ...SPLIT, bound }, [
          [15_000, digit],
          [16_000, 'y'],
        ]);
        t.equal(answered.outcome, 'up');
        t.same(answered.startedFrom, [device], `${digit} with [${bound}] bound`);
        t.match(
          answered.timeline.find(({ kind }) => kind === 'answered'),
          { array: UUID, choice: Number(digit), console: 'ttyS0', devices: [device] },
        );
        t.match(said(answered, 'chosen'), [{ number: Number(digit), choice: { members: [{ device }] } }]);
        t.ok(answered.endMs < 17_000, 'at once');
      }
    }
  },
);

t.test('a choice wants its y: anything else takes it back; keys before the question are none', async (t) => {
  const withdrawn = run(SPLIT, [
    [5_000, '1'],
    [5_100, 'y'],
    [15_000, '1'],
    [16_000, 'n'],
    [17_000, 'y'],
    [18_000, '3'],
    [19_000, 'y'],
    [20_000, 'escape'],
    [20_500, 'd'],
  ]);
  t.equal(withdrawn.startedFrom, null);
  t.match(said(withdrawn, 'confirm'), [
    { number: 1, array: { name: 'root' }, choice: { members: [{ device: 'sda1' }] } },
  ]);
  t.match(said(withdrawn, 'withdrawn'), [{ array: { name: 'root' } }]);
});

t.test('S6: a stale half alone: asked, with its date; started only when told', async (t) => {
  const stale: MachineFacts = {
    level: 1,
    raidDevices: 2,
    disks: [{ device: 'sdb1', role: 1, events: 12, knows: [0, 1] }],
    bound: ['sdb1'],
    ledger: [
      [0, 40, true],
      [1, 12, false],
    ],
  };
  const asked = run(stale);
  t.equal(asked.startedFrom, null);
  t.match(said(asked, 'question'), [
    {
      question: {
        reason: {
          code: 'stale',
          writtenMs: T0 + 12 * 60_000,
          behind: 28,
          newer: { writtenMs: T0 + 40 * 60_000 },
        },
      },
    },
  ]);
  t.same(
    run(stale, [
      [12_000, '1'],
      [12_500, 'y'],
    ]).startedFrom,
    ['sdb1'],
  );
});

t.test('S4: dirty and degraded parity: asked, and md is told only then', async (t) => {
  const disks = [0, 1].map((role) => ({
    device: `sd${'ab'[role]}1`,
    role,
    events: 12,
    knows: [0, 1, 2],
    clean: false,
  }));
  const facts: MachineFacts = { level: 5, raidDevices: 3, disks, bound: ['sda1', 'sdb1'] };
  const asked = run(facts);
  t.equal(asked.startedFrom, null);
  t.match(said(asked, 'question'), [{ question: { reason: { code: 'dirty-degraded' } } }]);
  const answered = run(facts, [
    [12_000, '1'],
    [12_500, 'y'],
  ]);
  t.same(answered.startedFrom, ['sda1', 'sdb1']);
  t.equal(answered.dirty, true);
  t.equal(run({ ...facts, disks: disks.map((disk) => ({ ...disk, clean: true })) }).dirty, false);
});

t.test('degraded as it was, and the ledger agrees: started without a wait', async (t) => {
  const alone: MachineFacts = {
    level: 1,
    raidDevices: 2,
    disks: [{ device: 'sda1', role: 0, events: 30, knows: [0] }],
    ledger: [
      [0, 28, true],
      [1, 20, false],
    ],
  };
  const known = run(alone);
  t.same(known.startedFrom, ['sda1']);
  t.ok(known.endMs < 4_000);
  t.match(known.timeline, [{ kind: 'deadline', cause: 'degraded-before' }]);
  const both = { ...alone, ledger: [[0, 10, true] as const, [1, 10, true] as const] };
  t.ok(run(both).endMs >= 21_000, 'the ledger still expects the other: the whole wait');
  const withOther = { ...alone, disks: [...alone.disks, ...SPLIT.disks.slice(1)] };
  t.equal(run(withOther).startedFrom, null, 'a diverged half is here as well: asked');
});

t.test('what is only older is no copy of its own', async (t) => {
  const facts: MachineFacts = {
    level: 1,
    raidDevices: 3,
    disks: [
      { device: 'sda1', role: 0, events: 30, knows: [0] },
      { device: 'sdb1', role: 1, events: 25, knows: [1] },
      { device: 'sdc1', role: 2, events: 20, knows: [0, 1, 2] },
    ],
  };
  const members = facts.disks.map((disk) => ({
    device: disk.device,
    superblock: superblockOf(disk, facts),
    boundTo: null,
    faulty: false,
  }));
  t.same(
    copiesOf(slotMembers(members)).map(({ fresh }) => fresh.map(({ device }) => device)),
    [['sda1'], ['sdb1']],
  );
});

const anyKey = fc.constantFrom<Key>('escape', 'd', 'return', 'y', 'n', '1', '2', '3');

t.test(
  'S5, S14: for any machine: never two diverged copies in one array, logged with why, always an end',
  async (t) => {
    const machines = fc
      .record({
        shape: fc.constantFrom([1, 2], [1, 3], [5, 3], [6, 4], [10, 4]),
        lines: fc.array(
          fc.record({
            roles: fc.uniqueArray(fc.nat(3), { minLength: 1, maxLength: 4 }),
            events: fc.integer({ min: 10, max: 40 }),
            clean: fc.boolean(),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        bound: fc.uniqueArray(fc.nat(3)),
        ledger: fc.uniqueArray(fc.tuple(fc.nat(3), fc.integer({ min: 5, max: 45 }), fc.boolean()), {
          selector: ([role]) => role,
        }),
      })
      .map(({ shape: [level = 1, raidDevices = 2], lines, bound, ledger }): MachineFacts => {
        // Each line ran without the members of the others: a role belongs to the first that has it.
        const taken = new Set<number>();
        const disks = lines.flatMap(({ roles, events, clean }) => {
          const own = roles.filter((role) => role < raidDevices && !taken.has(role));
          for (const role of own) taken.add(role);
          return own.map((role) => ({ device: `sd${'abcd'[role]}1`, role, events, knows: own, clean }));
        });
        return {
          level,
          raidDevices,
          disks,
          bound: disks.filter(({ role }) => bound.includes(role)).map(({ device }) => device),
          ledger: ledger.filter(([role]) => role < raidDevices),
        };
      });
    const keys = fc.array(fc.tuple(fc.integer({ min: 3_000, max: 60_000 }), anyKey), { maxLength: 12 });
    let started = 0;
    fc.assert(
      fc.property(machines, keys, (facts, typed) => {
        const presses = [...typed].sort(([a], [b]) => a - b).filter(([, key]) => key !== 'return') as [
          number,
          Key,
        ][];
        const result = run(facts, presses);
        if (result.outcome === null) return false;
        if (result.startedFrom === null) return true;
        started++;
        const inArray = facts.disks.filter(({ device }) => result.startedFrom?.includes(device));
        const roles = new Set(inArray.flatMap(({ knows }) => knows));
        const answered = kinds(result).includes('answered');
        const lines = new Set(facts.disks.map(({ knows }) => [...knows].sort().join()));
        // Of one line; and with several lines here that could each be started, only when a person has said which.
        const oneLine = inArray.every(({ role, knows }) =>
          [...roles].every((other) => other === role || knows.includes(other)),
        );
        const enoughAlone = (line: string) =>
          facts.level === 1 || line.split(',').length >= facts.raidDevices / 2;
        const startable = [...lines].filter(enoughAlone);
        const degraded = inArray.length < facts.raidDevices;
        const why = result.timeline.some(({ kind }) => kind === 'deadline');
        return oneLine && (why || !degraded) && (answered || facts.level !== 1 || startable.length <= 1);
      }),
      { numRuns: 2_000 },
    );
    t.ok(started > 100, `${started} were started`);
  },
);
