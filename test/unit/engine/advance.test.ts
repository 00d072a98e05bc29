import { test } from 'tap';
import { advance, nextWakeAtMs, REPORT_PATH } from '../../../src/core/engine/advance.ts';
import { COMPLETE_GRACE_MS } from '../../../src/core/engine/deadlines.ts';
import type { Effect } from '../../../src/core/engine/effects.ts';
import {
  type ArrayProgress,
  type EngineOptions,
  type EngineState,
  type Phase,
  progressOf,
} from '../../../src/core/engine/state.ts';
import type { EngineRun } from '../../../src/core/explain/run-engine.ts';
import { memberSet } from '../../../src/core/snapshot/member-set.ts';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import type { Answer } from '../../../src/core/verdict/answer.ts';
import type { WatchedArray } from '../../../src/core/watchlist/watchlist.ts';
import { engineState, mdOf, memberOf } from '../../support/engine-state.ts';
import { type ArrayPlan, type Happening, simulate, uuidOf, watched } from '../../support/simulated-boot.ts';

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const RAID5: ArrayPlan = { n: 0, level: 5, raidDevices: 3 };
const UPPER: ArrayPlan = { ...RAID1, n: 1, standsOn: [0] };
const mirror = watched(RAID1);
const one = [memberOf(RAID1, 0, 'md0')];
const both = [...one, memberOf(RAID1, 1, 'md0')];
const assembled = mdOf(RAID1, { state: 'inactive', degraded: null });
const up: Phase = { kind: 'up' };
const failed: Phase = {
  kind: 'failed',
  withMembers: '',
  failure: { reason: 'not-run', device: 'md0', detail: 'why', attempts: 1 },
};
/** Each effect in a word. */
const kindsOf = (effects: readonly Effect[]): string[] =>
  effects.map((effect) => {
    if (effect.kind === 'say') return `say ${effect.message.kind}`;
    return effect.kind === 'record' ? `record ${effect.entry.kind}` : effect.kind;
  });
const stateOf = (
  members: readonly PresentMember[],
  progress: Partial<ArrayProgress> = {},
  options: Partial<EngineOptions> = {},
  more: Partial<EngineState> = {},
  array: WatchedArray = mirror,
): EngineState =>
  engineState([array], { members, present: [assembled], progress: [progress], options, more });

test('nothing follows before the first look, in a pause, while a command runs, and at the end', async (t) => {
  const blocked: readonly Partial<EngineState>[] = [
    { looked: false },
    { paused: { by: 'shell', sinceMs: 0 } },
    { inFlight: { kind: 'settle' } },
    { outcome: 'up' },
  ];
  for (const more of blocked) {
    const state = stateOf(one, {}, {}, { ...more, unsettled: true });
    t.same(advance(state, 90_000), { state, effects: [] }, Object.keys(more).join());
    if (more.looked !== false) t.equal(nextWakeAtMs(state, 90_000), null);
  }
});

test('udev settles before anything else is decided', async (t) => {
  const { state, effects } = advance(stateOf(one, {}, {}, { unsettled: true }), 90_000);
  t.same(effects, [{ kind: 'settle' }]);
  t.same(state.inFlight, { kind: 'settle' });
});

const begins: readonly {
  readonly what: string;
  readonly below?: Partial<ArrayProgress>;
  readonly belowPlan?: Partial<ArrayPlan>;
  readonly plan?: Partial<ArrayPlan>;
  readonly told?: readonly number[];
  readonly scope?: 'all';
  readonly nowMs?: number;
  readonly lower: number | null;
  readonly upper: number | null;
  /** The upper one's; null unless said. */
  readonly watchedFrom?: number;
}[] = [
  { what: 'a lower one that is waited for', nowMs: 20_000, lower: 1_000, upper: null },
  { what: 'a lower one that runs', below: { phase: up }, lower: 1_000, upper: 25_000 },
  {
    what: 'a lower one that cannot run',
    below: { waitBeganAtMs: 1_000, saidNotStartable: 'x' },
    lower: 1_000,
    upper: 1_000,
    watchedFrom: 25_000,
  },
  {
    what: 'a lower one that was given up earlier, and has its wait before it',
    below: { waitBeganAtMs: 10_000, saidNotStartable: 'earlier' },
    lower: 10_000,
    upper: null,
  },
  {
    what: 'an earlier run has waited for it',
    below: { phase: up },
    told: [1],
    lower: 1_000,
    upper: 1_000,
  },
  {
    what: 'behind a passphrase: when this run began',
    belowPlan: { behindPassphrase: true },
    scope: 'all',
    nowMs: 20_000,
    lower: 3_000,
    upper: null,
  },
  {
    what: 'behind a passphrase, and waited for in an earlier run',
    belowPlan: { behindPassphrase: true },
    scope: 'all',
    told: [0],
    lower: 1_000,
    upper: 1_000,
    watchedFrom: 25_000,
  },
  {
    what: 'one that this run does not look after holds nothing up',
    belowPlan: { behindPassphrase: true },
    lower: null,
    upper: 25_000,
  },
];

for (const { what, below = {}, belowPlan, told = [], scope, nowMs = 25_000, lower, upper, ...more } of begins)
  test(`a wait begins: ${what}`, async (t) => {
    const state = engineState([watched({ ...RAID5, ...belowPlan }), watched(UPPER)], {
      progress: [below],
      options: { alreadyTold: new Set(told.map(uuidOf)), ...(scope ? { scope } : {}) },
    });
    const next = advance(state, nowMs).state;
    const began = (n: number) => progressOf(next, uuidOf(n)).waitBeganAtMs;
    t.same([began(0), began(1)], [lower, upper]);
    t.equal(progressOf(next, uuidOf(1)).watchedFromMs, more.watchedFrom ?? null);
    const later = advance(next, nowMs + 500).state;
    t.equal(progressOf(later, uuidOf(0)).waitBeganAtMs, lower, 'once');
  });

test('being told that the lower one cannot run ends the wait of the upper one soon', async (t) => {
  const state = engineState([watched(RAID5), watched(UPPER)]);
  const { state: next, effects } = advance(state, 21_000);
  t.ok(kindsOf(effects).includes('record not-startable'));
  t.match(progressOf(next, uuidOf(1)), { waitBeganAtMs: 1_000, watchedFromMs: 21_000 });
});

test('one that stands on an array behind a passphrase too has a wait of its own: the passphrase takes its time', async (t) => {
  const state = engineState([watched(RAID5), watched({ ...UPPER, behindPassphrase: true })], {
    progress: [{ waitBeganAtMs: 1_000, saidNotStartable: 'x' }],
    options: { scope: 'all' },
  });
  const { state: next } = advance(state, 25_000);
  t.match(progressOf(next, uuidOf(1)), { waitBeganAtMs: 25_000, watchedFromMs: null });
});

const answer: Answer = {
  devices: new Set(['s0.0']),
  accepts: new Set(),
  whenPresent: memberSet({ members: one, arrays: [] }, mirror.uuid),
};
const starts: readonly {
  readonly what: string;
  readonly members: readonly PresentMember[];
  readonly progress?: Partial<ArrayProgress>;
  readonly array?: WatchedArray;
  readonly nowMs: number;
  /** What is recorded as its cause; none for a start of all members; null: not started. */
  readonly cause: string | null;
  readonly says?: boolean;
}[] = [
  { what: 'one is missing, at the deadline', members: one, nowMs: 21_000, cause: 'wait-over', says: true },
  { what: 'one is missing, a moment before', members: one, nowMs: 20_999, cause: null },
  {
    what: 'a key',
    members: one,
    progress: { startNow: true },
    nowMs: 12_000,
    cause: 'key',
    says: true,
  },
  { what: 'chosen', members: one, progress: { answer }, nowMs: 12_000, cause: 'chosen', says: false },
  {
    what: 'degraded as it was',
    members: [memberOf(RAID1, 0, 'md0', { slots: ['active', 'missing'], slotHolders: [[0], []] })],
    array: {
      ...mirror,
      members: mirror.members.map((each) => ({
        ...each,
        ledger: { ...each.ledger, inSync: each.role === 0 },
      })),
    },
    nowMs: 3_000,
    cause: 'degraded-before',
    says: true,
  },
  { what: 'all are present, just now', members: both, nowMs: 90_000, cause: null },
  {
    what: 'all are present, not long enough',
    members: both,
    progress: { completeSinceMs: 5_000 },
    nowMs: 5_000 + COMPLETE_GRACE_MS - 1,
    cause: null,
  },
  {
    what: 'all are present, and udev has had its time',
    members: both,
    progress: { completeSinceMs: 5_000 },
    nowMs: 5_000 + COMPLETE_GRACE_MS,
    cause: '',
  },
  {
    what: 'never',
    members: one,
    array: { ...mirror, degraded: 'never' },
    nowMs: 21_000,
    cause: null,
  },
  { what: 'after a failure', members: one, progress: { phase: failed }, nowMs: 21_000, cause: null },
];

for (const { what, members, progress, array, nowMs, cause, says = false } of starts)
  test(`a start: ${what}`, async (t) => {
    const { state, effects } = advance(stateOf(members, progress, {}, {}, array), nowMs);
    const { phase, attempts } = progressOf(state, mirror.uuid);
    if (cause === null) {
      t.equal(state.inFlight, null);
      t.equal(attempts, 0);
      return;
    }
    const degraded = cause !== '';
    t.same(kindsOf(effects), [
      'countdown',
      ...(degraded ? ['record deadline'] : []),
      ...(says ? ['say starting'] : []),
      'run-array',
    ]);
    if (degraded)
      t.match(effects[1], { entry: { atMs: nowMs, array: mirror.uuid, cause, missingRoles: [1] } });
    t.same(phase, { kind: 'starting', degraded });
    t.equal(attempts, 1);
    t.match(state.inFlight, { kind: 'run-array', uuid: mirror.uuid, device: 'md0' });
  });

test('one start at a time, the first in the list', async (t) => {
  const plans = [RAID1, { ...RAID1, n: 1 }];
  const state = engineState(plans.map(watched), {
    members: plans.map((plan) => memberOf(plan, 0, `md${plan.n}`)),
    present: plans.map((plan) => mdOf(plan, { state: 'inactive' })),
  });
  const { state: next, effects } = advance(state, 21_000);
  t.equal(kindsOf(effects).filter((kind) => kind === 'run-array').length, 1);
  t.match(next.inFlight, { uuid: uuidOf(0) });
  t.equal(progressOf(next, uuidOf(1)).phase.kind, 'waiting');
});

test('all members are present since the first look that shows them, and no longer once one is gone', async (t) => {
  const since = (members: readonly PresentMember[], completeSinceMs: number | null) =>
    progressOf(advance(stateOf(members, { completeSinceMs }), 6_000).state, mirror.uuid).completeSinceMs;
  t.same(
    [since(both, null), since(both, 5_000), since(one, 5_000), since(one, null)],
    [6_000, 5_000, null, null],
  );
});

test('what failed five times is left to a person', async (t) => {
  const tried = (attempts: number, nowMs = 21_000) => advance(stateOf(one, { attempts }), nowMs);
  t.equal(tried(4).state.inFlight?.kind, 'run-array');
  const { state, effects } = tried(5);
  t.equal(state.inFlight, null);
  const failure = { reason: 'too-often', device: null, detail: '', attempts: 5 };
  t.same(progressOf(state, mirror.uuid).phase, { kind: 'failed', withMembers: 's0.0/dev-0-0', failure });
  t.match(
    effects.find((effect) => effect.kind === 'record'),
    { entry: { kind: 'not-startable', reason: 'start-failed' } },
  );
  const whole = stateOf(both, { attempts: 5, completeSinceMs: 5_000 });
  const phaseAt = (nowMs: number) => progressOf(advance(whole, nowMs).state, mirror.uuid).phase.kind;
  t.same([phaseAt(20_999), phaseAt(21_000)], ['waiting', 'failed'], 'said when its wait is over');
});

const ends: readonly {
  readonly what: string;
  readonly arrays: readonly WatchedArray[];
  readonly progress: readonly Partial<ArrayProgress>[];
  readonly members?: readonly PresentMember[];
  readonly options?: Partial<EngineOptions>;
  readonly nowMs: number;
  readonly outcome: 'up' | 'handover' | null;
}[] = [
  { what: 'no array', arrays: [], progress: [], nowMs: 3_000, outcome: 'up' },
  { what: 'all run', arrays: [mirror], progress: [{ phase: up }], nowMs: 3_000, outcome: 'up' },
  { what: 'one does not', arrays: [mirror], progress: [], nowMs: 33_999, outcome: null },
  { what: 'one does not, at the limit', arrays: [mirror], progress: [], nowMs: 34_000, outcome: 'handover' },
  {
    what: 'one can still start',
    arrays: [mirror, watched({ ...RAID5, n: 1 })],
    progress: [{ waitBeganAtMs: 30_000 }],
    members: one,
    nowMs: 45_000,
    outcome: null,
  },
  {
    what: 'all members have come after the limit, and udev has its time',
    arrays: [mirror],
    progress: [],
    members: both,
    nowMs: 90_000,
    outcome: null,
  },
  {
    what: 'only resume needs it, within its wait',
    arrays: [{ ...mirror, neededBy: ['resume'] }],
    progress: [],
    nowMs: 20_999,
    outcome: null,
  },
  {
    what: 'only resume needs it, after its wait',
    arrays: [{ ...mirror, neededBy: ['resume'] }],
    progress: [],
    nowMs: 21_000,
    outcome: 'up',
  },
  {
    what: 'resume and root need it',
    arrays: [{ ...mirror, neededBy: ['resume', '/'] }],
    progress: [],
    nowMs: 21_000,
    outcome: null,
  },
  {
    what: 'what stands on it runs without it',
    arrays: [mirror, watched(UPPER)],
    progress: [{}, { phase: up }],
    nowMs: 21_000,
    outcome: 'up',
  },
  {
    what: 'what stands on it waits',
    arrays: [mirror, watched(UPPER)],
    progress: [{}, {}],
    nowMs: 21_000,
    outcome: null,
  },
];

for (const { what, arrays, progress, members = [], options = {}, nowMs, outcome } of ends)
  test(`the end: ${what}`, async (t) => {
    const { state, effects } = advance(engineState(arrays, { progress, members, options }), nowMs);
    t.equal(state.outcome, outcome);
    const last = effects.slice(-2);
    if (outcome === null) t.notOk(kindsOf(effects).includes('finish'));
    else
      t.same(last, [
        { kind: 'record', entry: { atMs: nowMs, kind: 'finished', outcome } },
        { kind: 'finish', outcome },
      ]);
  });

test('the last words name what does not run, and the report; an earlier run may have said them', async (t) => {
  const plans = [RAID1, { ...RAID1, n: 1 }];
  const wordsOf = (told: readonly number[]) =>
    advance(
      engineState(plans.map(watched), {
        progress: plans.map((_, n) => ({ saidNotStartable: told.includes(n) ? 'earlier' : null })),
        options: { alreadyTold: new Set(told.map(uuidOf)) },
      }),
      90_000,
    ).effects;
  t.match(
    wordsOf([]).find((effect) => effect.kind === 'say' && effect.message.kind === 'handover'),
    { message: { arrays: [{ name: 'a0' }, { name: 'a1' }], reportPath: REPORT_PATH } },
  );
  t.ok(kindsOf(wordsOf([0])).includes('say handover'), 'one of two is news');
  const again = kindsOf(wordsOf([0, 1]));
  t.notOk(again.includes('say handover'));
  t.ok(again.includes('record handover'), 'the report has it each time');
});

test('the countdown is wiped at the end', async (t) => {
  const countdown = { what: 'wait', leftMs: 5, arrays: [] } as const;
  const { state, effects } = advance(stateOf([], { phase: up }, {}, { countdown }), 5_000);
  t.same(kindsOf(effects), ['countdown', 'record finished', 'finish']);
  t.equal(state.countdown, null);
});

const wakes: readonly {
  readonly what: string;
  readonly members?: readonly PresentMember[];
  readonly progress: Partial<ArrayProgress>;
  readonly more?: Partial<EngineState>;
  readonly nowMs?: number;
  readonly atMs: number;
}[] = [
  { what: 'its notice', progress: { waitBeganAtMs: 1_000 }, atMs: 11_000 },
  { what: 'its deadline', progress: { waitBeganAtMs: 1_000, noticed: true }, atMs: 21_000 },
  { what: 'the end of the patience', progress: { waitBeganAtMs: 1_000 }, nowMs: 21_000, atMs: 34_000 },
  { what: 'nothing but that', progress: {}, atMs: 34_000 },
  { what: "the end of udev's time", progress: { waitBeganAtMs: 1_000, completeSinceMs: 4_500 }, atMs: 6_500 },
  {
    what: 'the next second of a countdown',
    progress: { waitBeganAtMs: 1_000, noticed: true },
    more: { countdown: { what: 'wait', leftMs: 5, arrays: [] } },
    atMs: 6_000,
  },
  { what: 'a second, when all is over', progress: {}, nowMs: 34_000, atMs: 35_000 },
  { what: 'an array that runs wakes nobody', progress: { waitBeganAtMs: 1_000, phase: up }, atMs: 34_000 },
];

for (const { what, members = [], progress, more, nowMs = 5_000, atMs } of wakes)
  test(`called again: ${what}`, async (t) => {
    t.equal(nextWakeAtMs(stateOf(members, progress, {}, more), nowMs), atMs);
  });

const arrives = (atMs: number, n: number, role: number): Happening => ({ atMs, kind: 'arrives', n, role });
const commandKinds = (run: EngineRun): string[] => run.commands.map(({ command }) => command.kind);

test('md on md: waits do not add up', async (t) => {
  const plans: ArrayPlan[] = [
    RAID1,
    { n: 1, level: 1, raidDevices: 2 },
    { n: 2, level: 1, raidDevices: 2, standsOn: [0, 1] },
  ];
  const one = simulate(plans, [arrives(1500, 0, 0), arrives(1500, 1, 0), arrives(1500, 1, 1)]);
  t.equal(one.outcome, 'up');
  t.same(commandKinds(one), ['run-array', 'settle']);

  const two = simulate(plans, [arrives(1500, 0, 0), arrives(1500, 0, 1)]);
  t.equal(two.outcome, 'up');
  const deadlines = two.timeline.filter((entry) => entry.kind === 'deadline');
  t.equal(deadlines.length, 1);
  t.match(deadlines[0], { array: uuidOf(2), cause: 'wait-over', missingRoles: [1] });
  t.equal(deadlines[0]?.atMs, 25_000, '20 s for all layers, and the four in which a key counts');
  const notices = two.timeline.filter((entry) => entry.kind === 'notice');
  t.match(notices.at(-1), { array: uuidOf(2), atMs: 21_000, leftMs: 4_000 }, 'they begin with its notice');

  const both = simulate(plans, [arrives(1500, 0, 0)]);
  t.equal(both.outcome, 'up');
  const last = both.timeline.filter((entry) => entry.kind === 'deadline').at(-1);
  t.match(last, { array: uuidOf(2), atMs: 25_100 }, 'the lower one that does run is degraded too');
});

test('only resume needs it: the boot does not wait for it beyond its own wait', async (t) => {
  const run = simulate([{ n: 0, level: 5, raidDevices: 3, neededBy: ['resume'] }], [arrives(1500, 0, 0)]);
  t.equal(run.outcome, 'up');
  t.equal(run.endMs, 21_000);
});
