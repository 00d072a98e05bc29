import { judgeArray } from '../members/judge-array.ts';
import type { Verdict } from '../members/verdict.ts';
import type { DegradedPolicy, WatchedArray } from '../topology/watchlist.ts';
import { isDue } from './deadlines.ts';
import { arraysInScope, type EngineState, progressOf } from './state.ts';

/** A listed array that does not run, with what can be done about it. */
export interface Waiting {
  readonly array: WatchedArray;
  readonly verdict: Verdict;
  readonly due: boolean;
  /** Started by us as soon as it is due. */
  readonly willStart: boolean;
}

/** Listed arrays that do not run, with what can be done about each. */
export function waitingArrays(state: EngineState, nowMs: number): Waiting[] {
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

export const policyOf = (array: WatchedArray, state: EngineState): DegradedPolicy =>
  state.options.degraded ?? array.degraded;
