import { memberSet } from '../snapshot/member-set.ts';
import { judgeArray } from '../verdict/judge-array.ts';
import { type Question, questionOf } from '../verdict/question.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { isEveryoneInSight } from '../verdict/who-may-come.ts';
import type { DegradedPolicy, WatchedArray } from '../watchlist/watchlist.ts';
import { isDue } from './deadlines.ts';
import { isBegun } from './other-arrays.ts';
import { type ArrayProgress, arraysInScope, type EngineState, isBlind, progressOf } from './state.ts';

/** A listed array that does not run, with what can be done about it. */
export interface Waiting {
  readonly array: WatchedArray;
  readonly verdict: Verdict;
  readonly due: boolean;
  /** Started by us as soon as it is due. */
  readonly willStart: boolean;
  /** What only a person can decide about it; null when nobody is to be asked. */
  readonly question: Question | null;
}

/** Listed arrays that do not run, with what can be done about each. */
export function waitingArrays(state: EngineState, nowMs: number): Waiting[] {
  const waiting: Waiting[] = [];
  for (const array of arraysInScope(state)) {
    const progress = progressOf(state, array.uuid);
    if (progress.phase.kind === 'up' || isWithdrawn(array, progress, state)) continue;
    const { answer } = progress;
    const verdict = judgeArray(array, state.snapshot, { ...state.options, answer });
    const chosen = answer !== null && answer.whenPresent === memberSet(state.snapshot, array.uuid);
    const policy = policyOf(array, state);
    const allowed = chosen || policy === 'start' || (policy === 'ask' && progress.startNow);
    const failed = progress.phase.kind === 'failed';
    // Nobody is asked about an array that perhaps nothing needs.
    const isMute =
      failed ||
      !state.attended ||
      isLeftAlone(array, state) ||
      (isBlind(state) && state.adopted.has(array.uuid));
    waiting.push({
      array,
      verdict,
      due: chosen || isWaitOver(array, verdict, state, nowMs),
      willStart: !failed && (verdict.kind === 'complete' || (verdict.kind === 'startable' && allowed)),
      question: isMute ? null : questionOf(array, state.snapshot, verdict, answer),
    });
  }
  return waiting;
}

/** After the boot image: a person has stopped what was assembled. */
const isWithdrawn = ({ uuid }: WatchedArray, { phase }: ArrayProgress, { options, snapshot }: EngineState) =>
  options.others !== undefined && phase.kind === 'waiting' && !isBegun(uuid, snapshot);

/** Its deadline has passed, a person has ended the wait, or nobody is left to wait for. */
export function isWaitOver(
  array: WatchedArray,
  verdict: Verdict,
  state: EngineState,
  nowMs: number,
): boolean {
  const progress = progressOf(state, array.uuid);
  if (isDue(array, progress, state.options, nowMs)) return true;
  // A question is put with the notice: what a person types before was meant for something else.
  if (progress.waitBeganAtMs === null || (verdict.kind !== 'startable' && verdict.kind !== 'insufficient'))
    return false;
  const asItWas = verdict.kind === 'startable' && verdict.degradedBefore;
  return asItWas || isEveryoneInSight(array, state.snapshot, state.adopted.has(array.uuid));
}

/** After the boot image: no boot waits for what is never started by itself. */
export const isLeftAlone = (array: WatchedArray, state: EngineState): boolean =>
  state.options.others !== undefined && policyOf(array, state) === 'never';

/** After the boot image: whoever stands at the consoles may decide about it for as long as systemd holds the boot, which ends that by itself. */
export const isUpToPerson = ({ array, verdict, question }: Waiting, state: EngineState): boolean =>
  state.options.others !== undefined &&
  state.attended &&
  progressOf(state, array.uuid).phase.kind !== 'failed' &&
  (question !== null || needsKey(verdict, array, state));

/** It starts degraded once a key says so. */
export const needsKey = (verdict: Verdict, array: WatchedArray, state: EngineState): boolean =>
  verdict.kind === 'startable' && policyOf(array, state) === 'ask';

export const policyOf = (array: WatchedArray, state: EngineState): DegradedPolicy =>
  state.options.degraded ?? array.degraded;
