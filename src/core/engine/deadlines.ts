import type { WatchedArray } from '../watchlist/watchlist.ts';
import { type ArrayProgress, type EngineOptions, type EngineState, progressOf } from './state.ts';

/** While members keep arriving, an array is waited for this long after the last one. */
export const ARRIVAL_EXTENSION_MS = 5_000;

/** All members are present and udev has not started the array for this long: the engine assembles it. */
export const COMPLETE_GRACE_MS = 2_000;

/**
 * Disks that a driver found just now, and a person who reads, have this long from the first look on, however late it comes. A second more, and
 * a degraded boot with `rootdelay=` came more than three seconds after stock's, whose turns begin at the end of that sleep.
 */
const LEAST_WATCH_MS = 4_000;

/** How long an array is watched at least before its wait may end. */
export const leastWatchMs = (waitMs: number): number => Math.min(LEAST_WATCH_MS, waitMs / 2);

/** The completion wait of this array in this boot. */
export function waitMsOf(array: WatchedArray, options: EngineOptions): number {
  return options.waitMs ?? array.waitMs;
}

/** When it may be started degraded without a key; null while its wait has not begun. */
export function deadlineAtMs(
  array: WatchedArray,
  progress: ArrayProgress,
  options: EngineOptions,
): number | null {
  const zero = progress.waitBeganAtMs;
  if (zero === null) return null;
  const waitMs = waitMsOf(array, options);
  // Once in a boot: an earlier run of the engine has watched what it told.
  const watchedFromMs = progress.watchedFromMs ?? options.startedAtMs;
  const watched = options.alreadyTold.has(array.uuid) ? 0 : watchedFromMs + leastWatchMs(waitMs);
  const plain = Math.max(zero + waitMs, watched);
  if (progress.lastArrivalAtMs === null) return plain;
  const extended = progress.lastArrivalAtMs + Math.min(ARRIVAL_EXTENSION_MS, waitMs);
  return Math.max(plain, Math.min(extended, zero + Math.max(options.maxWaitMs, waitMs)));
}

/** Whether its wait is over, or a person has ended it. */
export function isDue(
  array: WatchedArray,
  progress: ArrayProgress,
  options: EngineOptions,
  nowMs: number,
): boolean {
  const deadline = deadlineAtMs(array, progress, options);
  return deadline !== null && (progress.startNow || nowMs >= deadline);
}

/** When the engine stops waiting for arrays that cannot be started and lets the generator fail in its own way. */
export function handoverAtMs(waiting: readonly WatchedArray[], state: EngineState): number {
  const { options } = state;
  let at = options.generatorLimitAtMs;
  for (const array of waiting) {
    const deadline = deadlineAtMs(array, progressOf(state, array.uuid), options);
    if (deadline === null) continue;
    at = Math.max(at, deadline + options.lastChanceMs);
  }
  if (state.question !== null) {
    // Reading it takes time, and the person who answers may have to log in first.
    const { askedAtMs } = progressOf(state, state.question.uuid);
    at = Math.max(at, (askedAtMs ?? 0) + options.maxWaitMs);
  }
  return at;
}
