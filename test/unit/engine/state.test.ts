import { test } from 'tap';
import {
  andThen,
  arraysInScope,
  type EngineState,
  forEach,
  initialState,
  progressOf,
  type Step,
  unchanged,
  withProgress,
} from '../../../src/core/engine/state.ts';
import type { Answer } from '../../../src/core/verdict/answer.ts';
import { engineState } from '../../support/engine-state.ts';
import {
  type ArrayPlan,
  DEFAULT_OPTIONS,
  uuidOf,
  watched,
  watchlistOf,
} from '../../support/simulated-boot.ts';

const plan = (n: number, more: Partial<ArrayPlan> = {}): ArrayPlan => ({
  ...{ n, level: 1, raidDevices: 2 },
  ...more,
});
const settle = { kind: 'settle' } as const;
const open = (console: string) => ({ kind: 'open-shell', console }) as const;
const attempts = (state: EngineState, n: number): number => progressOf(state, uuidOf(n)).attempts;
/** Counts the array up, and says how far it was. */
const count = (state: EngineState, n: number): Step => ({
  state: withProgress(state, uuidOf(n), { attempts: attempts(state, n) + 1 }),
  effects: [open(`${n}:${attempts(state, n)}`)],
});

test('a step goes on from the state of the one before, and its effects come after', async (t) => {
  const state = engineState([watched(plan(0))]);
  const twice = andThen({ ...count(state, 0), effects: [settle] }, (next) => count(next, 0));
  t.equal(attempts(twice.state, 0), 2);
  t.same(twice.effects, [settle, open('0:1')]);
  t.same(unchanged(state), { state, effects: [] });
  const kept = andThen({ state, effects: [settle] }, unchanged);
  t.equal(kept.state, state);
  t.same(kept.effects, [settle]);
});

test('each in turn, in their order, on the state that the one before left', async (t) => {
  const state = engineState([watched(plan(0)), watched(plan(1))]);
  const all = forEach(state, [1, 0, 1], count);
  t.same(all.effects, [open('1:0'), open('0:0'), open('1:1')]);
  t.same([attempts(all.state, 0), attempts(all.state, 1)], [1, 2]);
  t.same(forEach(state, [], count), { state, effects: [] });
});

test('at the beginning nothing is known but what this run was told', async (t) => {
  const answer: Answer = { devices: new Set(['sda']), accepts: new Set(['stale']), whenPresent: 'sda/x' };
  const state = initialState(watchlistOf([plan(0), plan(1), plan(2)]), {
    ...DEFAULT_OPTIONS,
    alreadyTold: new Set([uuidOf(0)]),
    answers: new Map([[uuidOf(1), answer]]),
  });
  const fresh = {
    ...{
      waitBeganAtMs: null,
      watchedFromMs: null,
      seen: null,
      came: new Set(),
      lastArrivalAtMs: null,
      completeSinceMs: null,
      startNow: false,
    },
    ...{
      noticed: false,
      noticedAs: null,
      saidNotStartable: null,
      answer: null,
      askedAtMs: null,
      attempts: 0,
    },
    phase: { kind: 'waiting' },
  };
  t.same(progressOf(state, uuidOf(0)), { ...fresh, saidNotStartable: 'earlier' });
  t.same(progressOf(state, uuidOf(1)), { ...fresh, answer });
  t.same(progressOf(state, uuidOf(2)), fresh);
  t.same(progressOf(state, uuidOf(9)), fresh, 'and so is one that is not listed');
  const { looked, inFlight, unsettled, paused, question, countdown, outcome, snapshot } = state;
  t.same(
    [looked, unsettled, inFlight, paused, question, countdown, outcome],
    [false, false, ...Array(5).fill(null)],
  );
  t.same(snapshot, { members: [], arrays: [] });
});

test('before a passphrase only arrays that stand on nothing locked are looked after', async (t) => {
  const arrays = [plan(0), plan(1, { behindPassphrase: true }), plan(2)].map(watched);
  const namesIn = (scope: 'before-passphrase' | 'all') =>
    arraysInScope(engineState(arrays, { options: { scope } })).map(({ name }) => name);
  t.same(namesIn('before-passphrase'), ['a0', 'a2']);
  t.same(namesIn('all'), ['a0', 'a1', 'a2']);
});

test('a change of one array leaves its other facts, the others, and the state before', async (t) => {
  const before = engineState([watched(plan(0)), watched(plan(1))], { progress: [{ noticed: true }] });
  const after = withProgress(before, uuidOf(0), { attempts: 3 });
  t.match(progressOf(after, uuidOf(0)), { attempts: 3, noticed: true });
  t.equal(progressOf(after, uuidOf(1)), progressOf(before, uuidOf(1)));
  t.equal(attempts(before, 0), 0);
});
