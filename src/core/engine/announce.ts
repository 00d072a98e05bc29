import type { NOT_STARTABLE_REASONS, StartFailure } from '../report/timeline.ts';
import { missingPlaces } from '../verdict/describe-missing.ts';
import { lastWrittenMs } from '../verdict/judge-array.ts';
import { presenceOf } from '../verdict/presence.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import { COMPLETE_GRACE_MS, deadlineAtMs, handoverAtMs } from './deadlines.ts';
import { record, sayAlone } from './effects.ts';
import { type Countdown, isSameCountdown, type NoticedArray } from './messages.ts';
import { type EngineState, forEach, progressOf, type Step, unchanged, withProgress } from './state.ts';
import { isLeftAlone, needsKey, policyOf, type Waiting } from './waiting.ts';

/** What a notice says is said anew when it no longer holds and no member has come for this long: disks come in groups. */
const ARRIVALS_REST_MS = 2_000;

/** Says for each array what it waits for and what will happen; the keys count from then on. Said anew when members have come, or gone. */
export function giveNotices(state: EngineState, waiting: readonly Waiting[], nowMs: number): Step {
  if (!state.attended) return unchanged(state);
  const { shellDenied } = state.options;
  const due = waiting.filter((each) => isNoticeDue(state, each, nowMs));
  if (due.length === 0) return unchanged(state);
  const arrays = due.map((each) => noticedArray(state, each, nowMs));
  const noted = forEach(state, arrays, (next, { array, verdict, waitedMs, leftMs }) => ({
    state: withProgress(next, array.uuid, { noticed: true, noticedAs: noticeKey(array, verdict) }),
    // Who came is recorded already.
    effects: progressOf(state, array.uuid).noticed
      ? []
      : [
          record({
            atMs: nowMs,
            kind: 'notice',
            array: array.uuid,
            missingRoles: missingPlaces(array, verdict),
            waitedMs,
            leftMs,
          }),
        ],
  }));
  // The keys are for all that were noticed.
  const told = waiting.filter((each) => due.includes(each) || progressOf(state, each.array.uuid).noticed);
  const canStart = told.some(
    (each) => !isBeingStarted(each) && (each.willStart || needsKey(each.verdict, each.array, state)),
  );
  return {
    state: { ...noted.state, countdown: null },
    effects: [...noted.effects, ...sayAlone({ kind: 'notice', arrays, canStart, shellDenied })],
  };
}

function isNoticeDue(state: EngineState, waiting: Waiting, nowMs: number): boolean {
  const { array, verdict, due, question } = waiting;
  const { waitBeganAtMs, noticed, noticedAs, saidNotStartable, completeSinceMs, lastArrivalAtMs } =
    progressOf(state, array.uuid);
  if (waitBeganAtMs === null || saidNotStartable !== null || question !== null) return false;
  if (due && !needsKey(verdict, array, state)) return false;
  if (isLeftAlone(array, state)) return false;
  // udev is at it: what it does not start by then is started by us.
  if (isBeingStarted(waiting) && nowMs < (completeSinceMs ?? nowMs) + COMPLETE_GRACE_MS) return false;
  if (noticed)
    return (
      noticedAs !== null &&
      noticedAs !== noticeKey(array, verdict) &&
      nowMs >= (lastArrivalAtMs ?? 0) + ARRIVALS_REST_MS
    );
  return nowMs >= waitBeganAtMs + state.options.noticeAfterMs;
}

/** What makes two notices of an array differ, but for the seconds. */
const noticeKey = (array: WatchedArray, verdict: Verdict): string =>
  JSON.stringify([verdict.kind, missingPlaces(array, verdict)]);

/** Nobody is missing: it is started as soon as udev has had its time, not degraded, and no key makes a difference. */
const isBeingStarted = ({ verdict, willStart }: Waiting): boolean => verdict.kind === 'complete' && willStart;

function noticedArray(state: EngineState, { array, verdict }: Waiting, nowMs: number): NoticedArray {
  const progress = progressOf(state, array.uuid);
  return {
    array,
    verdict,
    presence: presenceOf(array, state.snapshot, verdict, progress.answer),
    policy: policyOf(array, state),
    waitedMs: nowMs - (progress.waitBeganAtMs ?? nowMs),
    leftMs: (deadlineAtMs(array, progress, state.options) ?? nowMs) - nowMs,
    writtenMs: lastWrittenMs(array, state.snapshot),
  };
}

/** Says once, and again when it changes, why an array whose wait is over is not started. */
export function tellNotStartable(state: EngineState, waiting: readonly Waiting[], nowMs: number): Step {
  const left = waiting.filter(({ due, willStart }) => due && !willStart);
  return forEach(state, left, (next, each) => tellOne(next, each, nowMs));
}

function tellOne(state: EngineState, { array, verdict, question }: Waiting, atMs: number): Step {
  const { phase, saidNotStartable, answer } = progressOf(state, array.uuid);
  const failure = phase.kind === 'failed' ? phase.failure : null;
  const missingRoles = missingPlaces(array, verdict);
  const key = JSON.stringify([
    failure ?? (verdict.kind === 'unsafe' ? verdict.reason : verdict.kind === 'startable'),
    missingRoles,
  ]);
  if (saidNotStartable === key) return unchanged(state);
  const reason = reasonOf(verdict, failure);
  const presence = presenceOf(array, state.snapshot, verdict, answer);
  // The question has said it already, or says it next.
  const silent = saidNotStartable === 'earlier' || question !== null;
  return {
    // A key that could not be obeyed is spent: the wait that was left goes on.
    state: withProgress(state, array.uuid, { saidNotStartable: key, noticed: true, startNow: false }),
    effects: [
      record({ atMs, kind: 'not-startable', array: array.uuid, reason, missingRoles }),
      ...(silent ? [] : sayAlone({ kind: 'not-startable', array, verdict, presence, failure })),
    ],
  };
}

function reasonOf(verdict: Verdict, failure: StartFailure | null): (typeof NOT_STARTABLE_REASONS)[number] {
  if (failure !== null) return 'start-failed';
  if (verdict.kind === 'unsafe') return verdict.reason.code;
  return verdict.kind === 'startable' ? 'policy' : 'too-few';
}

/** Redraws the countdown when it has changed. */
export function showCountdown(state: EngineState, waiting: readonly Waiting[], nowMs: number): Step {
  if (!state.attended) return unchanged(state);
  const countdown = countdownOf(state, waiting, nowMs);
  if (isSameCountdown(countdown, state.countdown)) return unchanged(state);
  return { state: { ...state, countdown }, effects: [{ kind: 'countdown', countdown }] };
}

function countdownOf(state: EngineState, waiting: readonly Waiting[], nowMs: number): Countdown | null {
  const told = waiting.filter((each) => progressOf(state, each.array.uuid).noticed && !isBeingStarted(each));
  if (told.length === 0) return null;
  const open = told.filter(({ due }) => !due);
  if (open.length === 0) {
    // Then systemd counts, and says so.
    if (state.options.others !== undefined) return null;
    const arrays = told.map(({ array }) => array);
    return { what: 'give-up', leftMs: handoverAtMs(arrays, state) - nowMs, arrays };
  }
  const starting = open.filter(({ willStart }) => willStart);
  const arrays = (starting.length > 0 ? starting : open).map(({ array }) => array);
  const lefts = arrays.map(
    (array) => (deadlineAtMs(array, progressOf(state, array.uuid), state.options) ?? nowMs) - nowMs,
  );
  return { what: starting.length > 0 ? 'start' : 'wait', leftMs: Math.min(...lefts), arrays };
}
