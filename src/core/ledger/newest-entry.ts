import { OLDEST_BELIEVED_MS } from '../md/believed-date.ts';
import { EVENT_MARGIN } from '../md/event-margin.ts';
import type { LedgerEntry } from './ledger.ts';

/** How far a clock may be ahead of the one that is asked now. */
const FUTURE_MARGIN_MS = 24 * 3600 * 1000;

/**
 * Which of several records of one array is believed, the most trusted place first: the mainboard's memory holds what this machine
 * saw last, so that a copy elsewhere replaces it only when md's own count of events says that it is later, and its date does not
 * say that it is earlier. Two lines of one array that went separate ways have dates; a clock that has lost its time (a
 * date before 2024 or in the future) leaves the decision to the events. Null when there is none.
 */
export function newestEntry<Entry extends LedgerEntry>(
  inOrderOfTrust: readonly Entry[],
  nowMs: number,
): Entry | null {
  let best: Entry | null = null;
  for (const entry of inOrderOfTrust) if (best === null || replaces(entry, best, nowMs)) best = entry;
  return best;
}

function replaces(entry: LedgerEntry, best: LedgerEntry, nowMs: number): boolean {
  if (entry.events <= best.events + EVENT_MARGIN) return false;
  const dates = [entry.updateTimeMs, best.updateTimeMs];
  if (dates.some((date) => date < OLDEST_BELIEVED_MS || date > nowMs + FUTURE_MARGIN_MS)) return true;
  return entry.updateTimeMs >= best.updateTimeMs;
}
