import { UPDATE_INITRAMFS } from '../image/generator.ts';
import type { Outcome, START_CAUSES, StartFailure } from '../report/timeline.ts';
import { memberSet } from '../snapshot/member-set.ts';
import { missingPlaces } from '../verdict/describe-missing.ts';
import { judgeArray, lastWrittenMs } from '../verdict/judge-array.ts';
import { presenceOf } from '../verdict/presence.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import { giveNotices, showCountdown, tellNotStartable } from './announce.ts';
import { askOne } from './ask.ts';
import { COMPLETE_GRACE_MS, deadlineAtMs, handoverAtMs, isDue } from './deadlines.ts';
import { type CommandEffect, type Effect, record, sayAlone, WIPE_COUNTDOWN } from './effects.ts';
import { nextStartCommand } from './start-array.ts';
import {
  type ArrayProgress,
  andThen,
  arraysInScope,
  type EngineState,
  isBlind,
  progressOf,
  type Step,
  unchanged,
  withProgress,
} from './state.ts';
import { adoptUnlisted, isNotNeeded, mustShowUnlisted } from './unlisted.ts';
import { isUpToPerson, isWaitOver, type Waiting, waitingArrays } from './waiting.ts';

/** Where the engine's report stands in the image and after the boot. */
export const REPORT_PATH = '/run/reliable-raid/boot.json';

/** A start that failed this often is left to a person. */
const MAX_ATTEMPTS = 5;

/** Everything that follows from the state as it stands at `nowMs`. */
export function advance(state: EngineState, nowMs: number): Step {
  if (!state.looked || state.outcome !== null || state.paused !== null || state.inFlight !== null) {
    return unchanged(state);
  }
  if (state.unsettled) return command(state, { kind: 'settle' });

  const adopted = adoptUnlisted(beginWaits(state, nowMs), nowMs);
  if (mustShowUnlisted(adopted.state, nowMs)) return end(adopted.state, 'given-back', nowMs, adopted.effects);
  return andThen(adopted, (next) => decide(beginWaits(next, nowMs), nowMs));
}

function decide(begun: EngineState, nowMs: number): Step {
  const down = waitingArrays(begun, nowMs);
  const waiting = down.filter((each) => !isNotNeeded(each, begun));
  if (waiting.length === 0) return endWithout(begun, down, nowMs);
  const ready = rememberComplete(begun, waiting, nowMs);

  const start = startOne(ready, waiting, nowMs);
  if (start !== null) return start;

  const noticed = giveNotices(ready, waiting, nowMs);
  const asked = andThen(noticed, (next) => askOne(next, waiting, nowMs));
  const told = andThen(asked, (next) => tellNotStartable(next, waiting, nowMs));
  // Having been told ends the wait below, so that the layer above may begin its own, whose notice can be due at once.
  const above = andThen(told, (next) => giveNotices(beginWaits(next, nowMs), waiting, nowMs));
  return andThen(above, (last) => finish(last, waiting, nowMs) ?? showCountdown(last, waiting, nowMs));
}

/** Nothing is left to wait for. */
function endWithout(state: EngineState, down: readonly Waiting[], nowMs: number): Step {
  const gone = down.map(({ array }) => array).filter(({ uuid }) => !state.adopted.has(uuid));
  if (gone.length > 0)
    return end(state, 'up', nowMs, [
      ...sayAlone({ kind: 'not-needed', arrays: gone, rebuild: state.watchlist.rebuild ?? UPDATE_INITRAMFS }),
      ...sayWhatRunsDegraded(state),
    ]);
  const isMissing = state.adopted.size > 0 && state.snapshot.awaitedIsThere === false && !isBlind(state);
  return end(state, isMissing ? 'given-back' : 'up', nowMs, sayWhatRunsDegraded(state));
}

/**
 * When `advance` has to be called again although nothing happens; null when only an event can change anything. `nowMs` is the
 * time it was last called with: what has come due since is in the future for it.
 */
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
    if (progress.waitBeganAtMs !== null && !progress.noticed)
      times.push(progress.waitBeganAtMs + state.options.noticeAfterMs);
    if (progress.completeSinceMs !== null) times.push(progress.completeSinceMs + COMPLETE_GRACE_MS);
  }
  if (state.countdown !== null) times.push(nowMs + 1000);
  const future = times.filter((at) => at > nowMs);
  return future.length === 0 ? nowMs + 1000 : Math.min(...future);
}

/**
 * An array's own wait begins when all that it stands on runs. What has had its wait and cannot run was waited for on behalf of those above,
 * which have the same beginning then: waits that add up would end later than the distribution's (S15).
 */
function beginWaits(state: EngineState, nowMs: number): EngineState {
  let next = state;
  for (const array of arraysInScope(state)) {
    if (progressOf(next, array.uuid).waitBeganAtMs !== null) continue;
    if (!array.standsOn.every((below) => isSettled(next, below, nowMs))) continue;
    const { options } = next;
    const bottom = array.standsOn.length === 0;
    const fromDiscovery = (bottom && !array.behindPassphrase) || options.alreadyTold.has(array.uuid);
    const below = array.behindPassphrase || fromDiscovery ? null : givenUpSinceMs(next, array);
    const waitBeganAtMs = fromDiscovery ? options.discoveryAtMs : bottom ? options.startedAtMs : nowMs;
    next = withProgress(
      next,
      array.uuid,
      below === null ? { waitBeganAtMs } : { waitBeganAtMs: below, watchedFromMs: nowMs },
    );
  }
  return next;
}

/** When the wait of those below began that have had it in vain; null where all run. */
function givenUpSinceMs(state: EngineState, { standsOn }: WatchedArray): number | null {
  const began = arraysInScope(state)
    .filter(({ uuid }) => standsOn.includes(uuid))
    .map(({ uuid }) => progressOf(state, uuid))
    .flatMap(({ phase, waitBeganAtMs }) =>
      phase.kind === 'up' || waitBeganAtMs === null ? [] : [waitBeganAtMs],
    );
  return began.length === 0 ? null : Math.max(...began);
}

function isSettled(state: EngineState, uuid: WatchedArray['uuid'], nowMs: number): boolean {
  const array = arraysInScope(state).find((watched) => watched.uuid === uuid);
  if (array === undefined) return true;
  const progress = progressOf(state, uuid);
  if (progress.phase.kind === 'up') return true;
  const verdict = judgeArray(array, state.snapshot, { ...state.options, answer: progress.answer });
  return progress.saidNotStartable !== null && isWaitOver(array, verdict, state, nowMs);
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
      progress.answer !== null ||
      (progress.completeSinceMs !== null && nowMs >= progress.completeSinceMs + COMPLETE_GRACE_MS);
    if (degraded ? !due : !completeLongEnough) continue;
    const first = nextStartCommand(state.snapshot, array, progress.answer, 'begin');
    if (first === null || progress.attempts >= MAX_ATTEMPTS) {
      if (!due) continue;
      const failure: StartFailure = {
        reason: first === null ? 'no-device' : 'too-often',
        device: null,
        detail: '',
        attempts: progress.attempts,
      };
      const withMembers = memberSet(state.snapshot, array.uuid);
      const phase = { kind: 'failed', withMembers, failure } as const;
      return advance(withProgress(state, array.uuid, { phase }), nowMs);
    }
    const begun = withProgress(state, array.uuid, {
      phase: { kind: 'starting', degraded },
      attempts: progress.attempts + 1,
    });
    const said = degraded ? sayStarting(state, array, verdict, nowMs) : [];
    const announced = { state: { ...begun, countdown: null }, effects: [WIPE_COUNTDOWN, ...said] };
    return andThen(announced, (next) => command(next, first));
  }
  return null;
}

function sayStarting(state: EngineState, array: WatchedArray, verdict: Verdict, atMs: number): Effect[] {
  const progress = progressOf(state, array.uuid);
  const due = record({
    atMs,
    kind: 'deadline',
    array: array.uuid,
    cause: causeOf(verdict, progress, isDue(array, progress, state.options, atMs)),
    missingRoles: missingPlaces(array, verdict),
  });
  // A chosen start was said with the choice.
  if (progress.answer !== null) return [due];
  const writtenMs = lastWrittenMs(array, state.snapshot);
  const wasNoticed = progress.noticed;
  const presence = presenceOf(array, state.snapshot, verdict);
  return [due, { kind: 'say', message: { kind: 'starting', array, presence, wasNoticed, writtenMs } }];
}

function causeOf(
  verdict: Verdict,
  { answer, startNow }: ArrayProgress,
  isDeadlineOver: boolean,
): (typeof START_CAUSES)[number] {
  if (answer !== null) return 'chosen';
  if (startNow) return 'key';
  if (verdict.kind === 'startable' && verdict.degradedBefore) return 'degraded-before';
  return isDeadlineOver ? 'wait-over' : 'all-in-sight';
}

function finish(state: EngineState, waiting: readonly Waiting[], nowMs: number): Step | null {
  const needed = waiting.filter(({ array }) => isNeeded(array, waiting, state));
  const undecided = waiting.filter((each) => !each.due || each.willStart || isUpToPerson(each, state));
  const arrays = waiting.map(({ array }) => array);
  const isOver = nowMs >= handoverAtMs(arrays, state);
  if (undecided.length === 0 && mayGiveBack(state, waiting, isOver))
    return end(state, 'given-back', nowMs, []);
  if (needed.length === 0 && undecided.length === 0)
    return end(state, 'up', nowMs, sayWhatRunsDegraded(state));
  if (undecided.length > 0 || !isOver) return null;
  const lines: Effect[] = [
    record({ atMs: nowMs, kind: 'handover', arrays: arrays.map(({ uuid }) => uuid) }),
    { kind: 'say', message: { kind: 'handover', arrays, reportPath: REPORT_PATH } },
  ];
  const saidEarlier = arrays.every((array) => state.options.alreadyTold.has(array.uuid));
  return end(state, 'handover', nowMs, saidEarlier ? lines.slice(0, 1) : lines);
}

/** What was started degraded here, and still is: nobody else will say what is to be done about it. */
function sayWhatRunsDegraded(state: EngineState): Effect[] {
  const arrays = arraysInScope(state).filter(
    ({ uuid }) =>
      progressOf(state, uuid).attempts > 0 &&
      state.snapshot.arrays.some((present) => present.uuid === uuid && (present.degraded ?? 0) > 0),
  );
  return arrays.length === 0 ? [] : [{ kind: 'say', message: { kind: 'runs-degraded', arrays } }];
}

/**
 * Nothing that could be started has brought what the boot waits for: the distribution's way may know more (S15). Not while an array
 * is asked about or held back, which that way would start (S4-S6), nor while a listed one that has members may yet get more (`isOver`).
 */
function mayGiveBack(state: EngineState, waiting: readonly Waiting[], isOver: boolean): boolean {
  if (state.adopted.size === 0 || isBlind(state) || state.snapshot.awaitedIsThere !== false) return false;
  return waiting.every(
    ({ array, verdict }) =>
      verdict.kind === 'absent' ||
      (verdict.kind === 'insufficient' && (isOver || state.adopted.has(array.uuid))),
  );
}

/** A mount waits for it: not only resume, and not only through arrays that run without it. */
function isNeeded(array: WatchedArray, waiting: readonly Waiting[], state: EngineState): boolean {
  if (state.adopted.has(array.uuid)) return state.snapshot.awaitedIsThere === false && !isBlind(state);
  if (array.neededBy.every((mount) => mount === 'resume')) return false;
  const uppers = state.watchlist.arrays.filter((other) => other.standsOn.includes(array.uuid));
  return uppers.length === 0 || uppers.some((upper) => waiting.some((other) => other.array === upper));
}

function end(state: EngineState, outcome: Outcome, nowMs: number, before: readonly Effect[]): Step {
  const wipe = state.countdown === null ? [] : [WIPE_COUNTDOWN];
  return {
    state: { ...state, outcome, countdown: null },
    effects: [
      ...wipe,
      ...before,
      record({ atMs: nowMs, kind: 'finished', outcome }),
      { kind: 'finish', outcome },
    ],
  };
}

function command(state: EngineState, effect: CommandEffect): Step {
  return { state: { ...state, inFlight: effect }, effects: [effect] };
}
