import { judgeArray } from '../members/judge-array.ts';
import type { Verdict } from '../members/verdict.ts';
import {
  arrayLabel,
  MOST_DESCRIBED,
  missingLines,
  renderCountdown,
  renderHandover,
  renderKeys,
  renderNotice,
  renderNotStartable,
} from '../render/boot-messages.ts';
import type { DegradedPolicy, WatchedArray } from '../topology/watchlist.ts';
import { deadlineAtMs, handoverAtMs, isDue } from './deadlines.ts';
import { type CommandEffect, type Effect, record } from './effects.ts';
import { memberSet } from './see-snapshot.ts';
import { nextStartCommand } from './start-array.ts';
import { arraysInScope, type EngineState, progressOf, type Step, withProgress } from './state.ts';

/** Where the engine's report stands in the image and after the boot. */
export const REPORT_PATH = '/run/reliable-raid/boot.json';

/** All members are there and udev has not started the array for this long: it is assembled by hand. */
export const COMPLETE_GRACE_MS = 2_000;

/** A start that failed this often is left to a person. */
const MOST_ATTEMPTS = 5;

interface Waiting {
  readonly array: WatchedArray;
  readonly verdict: Verdict;
  readonly due: boolean;
  /** Started by us as soon as it is due. */
  readonly willStart: boolean;
}

/** Everything that follows from the state as it stands at `nowMs`. */
export function advance(state: EngineState, nowMs: number): Step {
  if (!state.looked || state.outcome !== null || state.paused !== null || state.inFlight !== null) {
    return { state, effects: [] };
  }
  if (state.unsettled) return command(state, { kind: 'settle' });

  const effects: Effect[] = [];
  let next = beginWaits(state, nowMs);
  const waiting = waitingArrays(next, nowMs);
  next = rememberComplete(next, waiting, nowMs);

  const start = startOne(next, waiting, nowMs);
  if (start !== null) return start;

  next = giveNotices(next, waiting, nowMs, effects);
  next = tellNotStartable(next, waiting, nowMs, effects);
  const ended = finish(next, waiting, nowMs);
  if (ended !== null) return { state: ended.state, effects: [...effects, ...ended.effects] };
  return showCountdown(next, waiting, nowMs, effects);
}

/** When `advance` has to be called again although nothing happens; null when only an event can change anything. */
export function nextWakeAtMs(state: EngineState, nowMs: number): number | null {
  if (state.outcome !== null || state.paused !== null || state.inFlight !== null) return null;
  const waiting = waitingArrays(state, nowMs);
  const times = [
    handoverAtMs(
      waiting.map(({ array }) => array),
      state,
    ),
  ];
  for (const { array } of waiting) {
    const progress = progressOf(state, array.uuid);
    const deadline = deadlineAtMs(array, progress, state.options);
    if (deadline !== null) times.push(deadline);
    if (progress.zeroAtMs !== null && !progress.noticed)
      times.push(progress.zeroAtMs + state.options.noticeAfterMs);
    if (progress.completeSinceMs !== null) times.push(progress.completeSinceMs + COMPLETE_GRACE_MS);
  }
  if (state.countdown !== null) times.push(nowMs + 1000);
  const future = times.filter((at) => at > nowMs);
  return future.length === 0 ? nowMs + 1000 : Math.min(...future);
}

/** Listed arrays that do not run, with what can be done about each. */
function waitingArrays(state: EngineState, nowMs: number): Waiting[] {
  const waiting: Waiting[] = [];
  for (const array of arraysInScope(state)) {
    const progress = progressOf(state, array.uuid);
    if (progress.phase.kind === 'up') continue;
    const verdict = judgeArray(array, state.snapshot, { stale: state.options.stale });
    const due = isDue(array, progress, state.options, nowMs);
    const policy = policyOf(array, state);
    const allowed = policy === 'start' || (policy === 'ask' && progress.hurried);
    const willStart =
      progress.phase.kind !== 'failed' &&
      (verdict.kind === 'complete' || (verdict.kind === 'startable' && allowed));
    waiting.push({ array, verdict, due, willStart });
  }
  return waiting;
}

const policyOf = (array: WatchedArray, state: EngineState): DegradedPolicy =>
  state.options.degraded ?? array.degraded;

/** An array's own wait begins when all that it stands on runs, or has had its wait and cannot run. */
function beginWaits(state: EngineState, nowMs: number): EngineState {
  let next = state;
  for (const array of arraysInScope(state)) {
    if (progressOf(next, array.uuid).zeroAtMs !== null) continue;
    if (!array.standsOn.every((below) => isSettled(next, below, nowMs))) continue;
    const { options } = next;
    const bottom = array.standsOn.length === 0;
    const fromDiscovery = (bottom && !array.behindPassphrase) || options.alreadyTold.has(array.uuid);
    const zeroAtMs = fromDiscovery ? options.discoveryAtMs : bottom ? options.startedAtMs : nowMs;
    next = withProgress(next, array.uuid, { zeroAtMs });
  }
  return next;
}

function isSettled(state: EngineState, uuid: WatchedArray['uuid'], nowMs: number): boolean {
  const array = arraysInScope(state).find((watched) => watched.uuid === uuid);
  if (array === undefined) return true;
  const progress = progressOf(state, uuid);
  if (progress.phase.kind === 'up') return true;
  return progress.told !== null && isDue(array, progress, state.options, nowMs);
}

function rememberComplete(state: EngineState, waiting: readonly Waiting[], nowMs: number): EngineState {
  let next = state;
  for (const { array, verdict } of waiting) {
    const since = progressOf(next, array.uuid).completeSinceMs;
    if (verdict.kind === 'complete' && since === null)
      next = withProgress(next, array.uuid, { completeSinceMs: nowMs });
    if (verdict.kind !== 'complete' && since !== null)
      next = withProgress(next, array.uuid, { completeSinceMs: null });
  }
  return next;
}

/** Begins the first start that is due; the others follow when its commands have finished. */
function startOne(state: EngineState, waiting: readonly Waiting[], nowMs: number): Step | null {
  for (const { array, verdict, due, willStart } of waiting) {
    if (!willStart) continue;
    const progress = progressOf(state, array.uuid);
    const degraded = verdict.kind === 'startable';
    const completeLongEnough =
      progress.completeSinceMs !== null && nowMs >= progress.completeSinceMs + COMPLETE_GRACE_MS;
    if (degraded ? !due : !completeLongEnough) continue;
    const first = nextStartCommand(state.snapshot, array, false);
    if (first === null || progress.attempts >= MOST_ATTEMPTS) {
      if (!due) continue;
      const why = first === null ? 'no md device holds its members' : `it failed ${progress.attempts} times`;
      const withMembers = memberSet(state.snapshot, array);
      return advance(withProgress(state, array.uuid, { phase: { kind: 'failed', withMembers, why } }), nowMs);
    }
    const begun = withProgress(state, array.uuid, {
      phase: { kind: 'starting', degraded },
      attempts: progress.attempts + 1,
    });
    const effects: Effect[] = [{ kind: 'countdown', line: null }];
    if (degraded) {
      effects.push(
        record({
          atMs: nowMs,
          kind: 'deadline',
          array: array.uuid,
          text: progress.hurried ? 'ended by a key' : 'its wait is over',
        }),
        {
          kind: 'show',
          text: [
            `reliable-raid: starting array ${arrayLabel(array)} degraded.`,
            ...(progress.noticed ? [] : missingLines('missing', array, verdict)),
          ].join('\n'),
        },
      );
    }
    const issued = command({ ...begun, countdown: null }, first);
    return { state: issued.state, effects: [...effects, ...issued.effects] };
  }
  return null;
}

function giveNotices(
  state: EngineState,
  waiting: readonly Waiting[],
  nowMs: number,
  effects: Effect[],
): EngineState {
  const { options } = state;
  let next = state;
  let described = 0;
  let hidden = 0;
  let canStart = false;
  const texts: string[] = [];
  for (const { array, verdict, willStart, due } of waiting) {
    const progress = progressOf(next, array.uuid);
    const zero = progress.zeroAtMs;
    if (zero === null || progress.noticed || progress.told !== null || due) continue;
    if (nowMs < zero + options.noticeAfterMs) continue;
    next = withProgress(next, array.uuid, { noticed: true });
    effects.push(record({ atMs: nowMs, kind: 'notice', array: array.uuid }));
    canStart ||= willStart || (verdict.kind === 'startable' && policyOf(array, state) === 'ask');
    if (described++ >= MOST_DESCRIBED) {
      hidden++;
      continue;
    }
    const leftMs = (deadlineAtMs(array, progress, options) ?? nowMs) - nowMs;
    texts.push(renderNotice(array, verdict, nowMs - zero, leftMs, policyOf(array, state)));
  }
  if (texts.length === 0) return next;
  if (hidden > 0) texts.push(`  ... and ${hidden} more arrays.`);
  texts.push(renderKeys(canStart, options.shellDenied));
  effects.push({ kind: 'countdown', line: null }, { kind: 'show', text: texts.join('\n') });
  return { ...next, countdown: null };
}

function tellNotStartable(
  state: EngineState,
  waiting: readonly Waiting[],
  nowMs: number,
  effects: Effect[],
): EngineState {
  let next = state;
  for (const { array, verdict, due, willStart } of waiting) {
    const progress = progressOf(next, array.uuid);
    if (!due || willStart) continue;
    const why = progress.phase.kind === 'failed' ? progress.phase.why : null;
    const text = renderNotStartable(array, verdict, why);
    if (progress.told === text) continue;
    const silent = progress.told === 'earlier';
    // A key that could not be obeyed is spent: the wait that was left goes on.
    next = withProgress(next, array.uuid, { told: text, noticed: true, hurried: false });
    effects.push(record({ atMs: nowMs, kind: 'not-startable', array: array.uuid, text }));
    if (!silent) effects.push({ kind: 'countdown', line: null }, { kind: 'show', text });
  }
  return next;
}

function finish(state: EngineState, waiting: readonly Waiting[], nowMs: number): Step | null {
  const needed = waiting.filter(({ array }) => array.neededBy.some((mount) => mount !== 'resume'));
  const undecided = waiting.filter(({ due, willStart }) => !due || willStart);
  if (needed.length === 0 && undecided.length === 0) return end(state, 'up', nowMs, []);
  const arrays = waiting.map(({ array }) => array);
  if (undecided.length > 0 || nowMs < handoverAtMs(arrays, state)) return null;
  const lines: Effect[] = [
    record({ atMs: nowMs, kind: 'handover', text: arrays.map((array) => array.uuid).join(' ') }),
    { kind: 'show', text: renderHandover(arrays, REPORT_PATH) },
  ];
  const saidEarlier = arrays.every((array) => state.options.alreadyTold.has(array.uuid));
  return end(state, 'handover', nowMs, saidEarlier ? lines.slice(0, 1) : lines);
}

function end(state: EngineState, outcome: 'up' | 'handover', nowMs: number, before: readonly Effect[]): Step {
  const wipe: readonly Effect[] = state.countdown === null ? [] : [{ kind: 'countdown', line: null }];
  return {
    state: { ...state, outcome, countdown: null },
    effects: [
      ...wipe,
      ...before,
      record({ atMs: nowMs, kind: 'finished', text: outcome }),
      { kind: 'finish', outcome },
    ],
  };
}

function showCountdown(
  state: EngineState,
  waiting: readonly Waiting[],
  nowMs: number,
  effects: Effect[],
): Step {
  const line = countdownLine(state, waiting, nowMs);
  if (line === state.countdown) return { state, effects };
  return { state: { ...state, countdown: line }, effects: [...effects, { kind: 'countdown', line }] };
}

function countdownLine(state: EngineState, waiting: readonly Waiting[], nowMs: number): string | null {
  const told = waiting.filter(({ array }) => progressOf(state, array.uuid).noticed);
  if (told.length === 0) return null;
  const open = told.filter(({ due }) => !due);
  if (open.length === 0) {
    const arrays = told.map(({ array }) => array);
    return renderCountdown('give-up', handoverAtMs(arrays, state) - nowMs, arrays.map(arrayLabel));
  }
  const starting = open.filter(({ willStart }) => willStart);
  const shown = starting.length > 0 ? starting : open;
  const lefts = shown.map(
    ({ array }) => (deadlineAtMs(array, progressOf(state, array.uuid), state.options) ?? nowMs) - nowMs,
  );
  return renderCountdown(
    starting.length > 0 ? 'start' : 'wait',
    Math.min(...lefts),
    shown.map(({ array }) => arrayLabel(array)),
  );
}

function command(state: EngineState, effect: CommandEffect): Step {
  return { state: { ...state, inFlight: effect }, effects: [effect] };
}
