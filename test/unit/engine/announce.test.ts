import { test } from 'tap';
import { giveNotices, showCountdown, tellNotStartable } from '../../../src/core/engine/announce.ts';
import type { Effect } from '../../../src/core/engine/effects.ts';
import type { Message } from '../../../src/core/engine/messages.ts';
import {
  type ArrayProgress,
  type EngineOptions,
  type EngineState,
  progressOf,
} from '../../../src/core/engine/state.ts';
import type { Waiting } from '../../../src/core/engine/waiting.ts';
import type { Question } from '../../../src/core/verdict/question.ts';
import type { UnsafeReason, Verdict } from '../../../src/core/verdict/verdict.ts';
import { engineState, memberOf } from '../../support/engine-state.ts';
import { type ArrayPlan, uuidOf, watched } from '../../support/simulated-boot.ts';

const plan = (n: number): ArrayPlan => ({ n, level: 1, raidDevices: 2 });
const STARTABLE: Verdict = { kind: 'startable', missingRoles: [1], degradedBefore: false };
const COMPLETE: Verdict = { kind: 'complete' };
const TOO_FEW: Verdict = { kind: 'insufficient', missingRoles: [0, 1] };
const unsafe = (reason: UnsafeReason): Verdict => ({ kind: 'unsafe', reason, missingRoles: [1] });
const QUESTION: Question = { reason: { code: 'reshape' }, missingRoles: [1], choices: [] };
const FAILURE = { reason: 'not-run', device: 'md0', detail: 'why', attempts: 2 } as const;
const failed = { kind: 'failed', withMembers: '', failure: FAILURE } as const;

const waiting = (n: number, more: Partial<Waiting> = {}): Waiting => ({
  array: watched(plan(n)),
  ...{ verdict: STARTABLE, due: false, willStart: true, question: null },
  ...more,
});
const stateOf = (
  list: readonly Waiting[],
  progress: readonly Partial<ArrayProgress>[],
  options: Partial<EngineOptions> = {},
  more: Partial<EngineState> = {},
): EngineState =>
  engineState(
    list.map(({ array }) => array),
    { progress, options, more, members: [memberOf(plan(0), 0)] },
  );
const kindsOf = (effects: readonly Effect[]): string[] =>
  effects.map((effect) =>
    effect.kind === 'say' ? effect.message.kind : effect.kind === 'record' ? effect.entry.kind : effect.kind,
  );
const said = (effects: readonly Effect[]): readonly Message[] =>
  effects.flatMap((effect) => (effect.kind === 'say' ? [effect.message] : []));

const notices: readonly {
  readonly what: string;
  readonly each?: Partial<Waiting>;
  readonly progress?: Partial<ArrayProgress>;
  readonly options?: Partial<EngineOptions>;
  readonly nowMs?: number;
  readonly isNoticed: boolean;
  readonly canStart?: boolean;
}[] = [
  { what: 'ten seconds into its wait', isNoticed: true, canStart: true },
  { what: 'a moment before', nowMs: 10_999, isNoticed: false },
  { what: 'another time is set', options: { noticeAfterMs: 12_000 }, isNoticed: false },
  { what: 'its wait has not begun', progress: { waitBeganAtMs: null }, isNoticed: false },
  { what: 'once', progress: { waitBeganAtMs: 1_000, noticed: true }, isNoticed: false },
  {
    what: 'not after more was said',
    progress: { waitBeganAtMs: 1_000, saidNotStartable: 'x' },
    isNoticed: false,
  },
  { what: 'not where a question says it', each: { question: QUESTION }, isNoticed: false },
  { what: 'not when it is started now', each: { due: true }, isNoticed: false },
  {
    what: 'still where only a key starts it',
    each: { due: true, willStart: false },
    options: { degraded: 'ask' },
    isNoticed: true,
    canStart: true,
  },
  {
    what: 'not when no key starts it either',
    each: { due: true, willStart: false },
    options: { degraded: 'never' },
    isNoticed: false,
  },
  {
    what: 'a key starts it',
    each: { willStart: false },
    options: { degraded: 'ask' },
    isNoticed: true,
    canStart: true,
  },
  {
    what: 'no key starts too few',
    each: { willStart: false, verdict: TOO_FEW },
    options: { degraded: 'ask' },
    isNoticed: true,
    canStart: false,
  },
  {
    what: 'not while udev may still start it, nobody being missing',
    each: { verdict: COMPLETE },
    progress: { waitBeganAtMs: 1_000, completeSinceMs: 9_001 },
    isNoticed: false,
  },
  {
    what: 'nobody is missing: no key starts it degraded',
    each: { verdict: COMPLETE },
    progress: { waitBeganAtMs: 1_000, completeSinceMs: 9_000 },
    isNoticed: true,
    canStart: false,
  },
  {
    what: 'no key starts it',
    each: { willStart: false },
    options: { degraded: 'never' },
    isNoticed: true,
    canStart: false,
  },
];

for (const { what, each, progress = { waitBeganAtMs: 1_000 }, options, nowMs = 11_000, ...wanted } of notices)
  test(`a notice: ${what}`, async (t) => {
    const list = [waiting(0, each)];
    const before = stateOf(list, [progress], options);
    const { state, effects } = giveNotices(before, list, nowMs);
    t.same(kindsOf(effects), wanted.isNoticed ? ['notice', 'countdown', 'notice'] : []);
    if (wanted.isNoticed) t.ok(progressOf(state, uuidOf(0)).noticed);
    else t.equal(state, before);
    t.match(said(effects), wanted.isNoticed ? [{ canStart: wanted.canStart }] : []);
  });

test('one notice names all that are due for one, with what is known of each', async (t) => {
  const list = [waiting(0), waiting(1, { verdict: TOO_FEW, willStart: false }), waiting(2)];
  const countdown = { what: 'wait', leftMs: 5, arrays: [] } as const;
  const state = stateOf(
    list,
    [{ waitBeganAtMs: 1_000, lastArrivalAtMs: 19_000 }, { waitBeganAtMs: 3_000 }, { waitBeganAtMs: 9_000 }],
    { shellDenied: { by: 'kernel-argument', argument: 'panic=1' } },
    { countdown },
  );
  const step = giveNotices(state, list, 13_000);
  const common = { atMs: 13_000, kind: 'notice' };
  t.same(
    step.effects.flatMap((effect) => (effect.kind === 'record' ? [effect.entry] : [])),
    [
      { ...common, array: uuidOf(0), missingRoles: [1], waitedMs: 12_000, leftMs: 11_000 },
      { ...common, array: uuidOf(1), missingRoles: [0, 1], waitedMs: 10_000, leftMs: 10_000 },
    ],
  );
  t.match(said(step.effects), [
    {
      arrays: [
        { array: { name: 'a0' }, policy: 'start', verdict: STARTABLE, writtenMs: 1_000 },
        { array: { name: 'a1' }, policy: 'start', verdict: TOO_FEW, writtenMs: null },
      ],
      canStart: true,
      shellDenied: { by: 'kernel-argument', argument: 'panic=1' },
    },
  ]);
  t.equal(step.state.countdown, null, 'it is drawn anew below');
});

test('a notice is said anew once members have come and none has for two seconds, and is recorded once', async (t) => {
  const tooFew = [waiting(0, { verdict: TOO_FEW, willStart: false })];
  const first = giveNotices(stateOf(tooFew, [{ waitBeganAtMs: 1_000 }]), tooFew, 11_000);
  t.match(said(first.effects), [{ canStart: false }]);
  t.same(giveNotices(first.state, tooFew, 14_000).effects, [], 'nothing has changed');

  const list = [waiting(0)];
  const came = (lastArrivalAtMs: number | null): EngineState =>
    stateOf(list, [{ ...progressOf(first.state, uuidOf(0)), lastArrivalAtMs }]);
  t.same(giveNotices(came(13_000), list, 14_999).effects, [], 'more may come');
  const again = giveNotices(came(13_000), list, 15_000);
  t.same(kindsOf(again.effects), ['countdown', 'notice']);
  t.match(said(again.effects), [{ arrays: [{ verdict: STARTABLE }], canStart: true }]);
  t.same(giveNotices(again.state, list, 16_000).effects, []);
  t.same(kindsOf(giveNotices(came(null), list, 12_000).effects), ['countdown', 'notice'], 'one has gone');
});

test('what is not waited for any more gets no notice anew', async (t) => {
  const told = { waitBeganAtMs: 1_000, noticed: true, noticedAs: 'else' };
  for (const [each, progress] of [
    [{ due: true }, told],
    [{ question: QUESTION }, told],
    [{ verdict: COMPLETE }, { ...told, completeSinceMs: 11_500 }],
    [{}, { ...told, saidNotStartable: 'x' }],
    [{}, { ...told, noticedAs: null }],
  ] as const) {
    const list = [waiting(0, each)];
    t.same(giveNotices(stateOf(list, [progress]), list, 12_000).effects, []);
  }
});

test('the keys of a notice are for all that were noticed', async (t) => {
  const list = [waiting(0, { verdict: TOO_FEW, willStart: false }), waiting(1)];
  const { effects } = giveNotices(stateOf(list, [{ waitBeganAtMs: 1_000 }, noticed(1_000)]), list, 11_000);
  t.match(said(effects), [{ arrays: [{ array: { name: 'a0' } }], canStart: true }]);
});

const reasons: readonly (readonly [verdict: Verdict, progress: Partial<ArrayProgress>, reason: string])[] = [
  [STARTABLE, {}, 'policy'],
  [TOO_FEW, {}, 'too-few'],
  [{ kind: 'absent' }, {}, 'too-few'],
  [unsafe({ code: 'reshape' }), {}, 'reshape'],
  [unsafe({ code: 'journal-missing' }), {}, 'journal-missing'],
  [STARTABLE, { phase: failed }, 'start-failed'],
  [unsafe({ code: 'reshape' }), { phase: failed }, 'start-failed'],
];

for (const [verdict, progress, reason] of reasons)
  test(`why it is not started: ${verdict.kind}, ${reason}`, async (t) => {
    const list = [waiting(0, { verdict, due: true, willStart: false })];
    const told = tellNotStartable(stateOf(list, [{ ...progress, startNow: true }]), list, 21_000);
    t.match(told.effects[0], { entry: { atMs: 21_000, kind: 'not-startable', array: uuidOf(0), reason } });
    t.same(kindsOf(told.effects), ['not-startable', 'countdown', 'not-startable']);
    t.match(said(told.effects), [{ verdict, failure: reason === 'start-failed' ? FAILURE : null }]);
    t.match(progressOf(told.state, uuidOf(0)), { noticed: true, startNow: false }, 'a key for it is spent');
    t.same(tellNotStartable(told.state, list, 22_000).effects, [], 'said once');
  });

test('said again when the reason, what is missing or the failure changes', async (t) => {
  const facts: readonly (readonly [Partial<Waiting>, Partial<ArrayProgress>])[] = [
    [{ verdict: TOO_FEW }, {}],
    [{ verdict: { kind: 'insufficient', missingRoles: [0] } }, {}],
    [{ verdict: { kind: 'startable', missingRoles: [0], degradedBefore: false } }, {}],
    [{ verdict: unsafe({ code: 'reshape' }) }, {}],
    [{ verdict: unsafe({ code: 'unknown-level', level: 7 }) }, {}],
    [{ verdict: unsafe({ code: 'unknown-level', level: 8 }) }, {}],
    [{}, { phase: failed }],
    [{}, { phase: { ...failed, failure: { ...FAILURE, attempts: 3 } } }],
  ];
  const keys = facts.map(([each, progress]) => {
    const list = [waiting(0, { due: true, willStart: false, ...each })];
    return progressOf(tellNotStartable(stateOf(list, [progress]), list, 0).state, uuidOf(0)).saidNotStartable;
  });
  t.equal(new Set(keys).size, facts.length);
  const list = [waiting(0, { due: true, willStart: false, verdict: TOO_FEW })];
  const before = stateOf(list, [{ saidNotStartable: keys[3] ?? '' }]);
  t.same(kindsOf(tellNotStartable(before, list, 0).effects), ['not-startable', 'countdown', 'not-startable']);
});

test('what an earlier run said, or the question says, is only recorded', async (t) => {
  const list = [
    waiting(0, { due: true, willStart: false }),
    waiting(1, { due: true, willStart: false, question: QUESTION }),
  ];
  const told = tellNotStartable(stateOf(list, [{ saidNotStartable: 'earlier' }]), list, 0);
  t.same(kindsOf(told.effects), ['not-startable', 'not-startable']);
  t.same(said(told.effects), []);
});

test('nothing is said of one whose wait goes on, or that is started', async (t) => {
  const list = [waiting(0, { willStart: false }), waiting(1, { due: true }), waiting(2)];
  t.same(tellNotStartable(stateOf(list, []), list, 0).effects, []);
});

const noticed = (waitBeganAtMs: number): Partial<ArrayProgress> => ({ waitBeganAtMs, noticed: true });
const countdowns: readonly {
  readonly what: string;
  readonly list: readonly Waiting[];
  readonly progress: readonly Partial<ArrayProgress>[];
  readonly shows: readonly [what: string, leftMs: number, names: string] | null;
}[] = [
  { what: 'nothing is waited for', list: [], progress: [], shows: null },
  { what: 'nobody was told', list: [waiting(0)], progress: [{ waitBeganAtMs: 1_000 }], shows: null },
  { what: 'it starts', list: [waiting(0)], progress: [noticed(1_000)], shows: ['start', 9_000, 'a0'] },
  {
    what: 'nobody is missing: it is not going to be started degraded',
    list: [waiting(0, { verdict: COMPLETE })],
    progress: [noticed(1_000)],
    shows: null,
  },
  {
    what: 'nobody is missing, and its start failed',
    list: [waiting(0, { verdict: COMPLETE, willStart: false })],
    progress: [noticed(1_000)],
    shows: ['wait', 9_000, 'a0'],
  },
  {
    what: 'it does not start',
    list: [waiting(0, { willStart: false })],
    progress: [noticed(1_000)],
    shows: ['wait', 9_000, 'a0'],
  },
  {
    what: 'those that start come first',
    list: [waiting(0, { willStart: false }), waiting(1)],
    progress: [noticed(1_000), noticed(3_000)],
    shows: ['start', 11_000, 'a1'],
  },
  {
    what: 'the next of several',
    list: [waiting(0), waiting(1)],
    progress: [noticed(3_000), noticed(2_000)],
    shows: ['start', 10_000, 'a0 a1'],
  },
  {
    what: 'one that was not told is left out',
    list: [waiting(0), waiting(1)],
    progress: [noticed(3_000), { waitBeganAtMs: 2_000 }],
    shows: ['start', 11_000, 'a0'],
  },
  {
    what: 'a wait that goes on is shown before one that is over',
    list: [waiting(0, { due: true, willStart: false }), waiting(1, { willStart: false })],
    progress: [noticed(1_000), noticed(2_000)],
    shows: ['wait', 10_000, 'a1'],
  },
  {
    what: 'all waits are over',
    list: [waiting(0, { due: true, willStart: false }), waiting(1, { due: true, willStart: false })],
    progress: [noticed(1_000), noticed(12_000)],
    shows: ['give-up', 30_000, 'a0 a1'],
  },
];

for (const { what, list, progress, shows } of countdowns)
  test(`the countdown: ${what}`, async (t) => {
    const { state, effects } = showCountdown(stateOf(list, progress), list, 12_000);
    t.same(kindsOf(effects), shows === null ? [] : ['countdown']);
    const { countdown } = state;
    const names = countdown?.arrays.map(({ name }) => name).join(' ');
    t.same(countdown === null ? null : [countdown.what, countdown.leftMs, names], shows);
    t.same(showCountdown(state, list, 12_000).effects, [], 'drawn once');
    if (shows === null) return;
    t.same(kindsOf(showCountdown(state, list, 13_000).effects), ['countdown'], 'and when it has changed');
    t.match(showCountdown(state, [], 13_000), { state: { countdown: null }, effects: [{ countdown: null }] });
  });
