import type { MdUuid } from '../md/md-uuid.ts';
import { changed, EMPTY_LEDGER, entryOf, type Ledger, type LedgerEntry } from './ledger.ts';
import { type KeptEntry, type KeptLedger, mergeSeen } from './ledger-file.ts';
import { formatLedgerText } from './ledger-text.ts';

/** A running array's entry as it is now, ready to be recorded. */
export interface ObservedEntry extends KeptEntry {
  /** md has not written to it yet (`read-auto`, `readonly`): members that are not there are still as good as those that are. */
  readonly unwritten: boolean;
}

/** The file on the running system: every array that ever ran here, those that run now anew. */
export function keptLedger(before: KeptLedger, running: readonly ObservedEntry[]): KeptLedger {
  const now = running.map(({ unwritten, ...entry }): KeptEntry => {
    const former = before.entries.find(({ arrayUuid }) => arrayUuid === entry.arrayUuid);
    if (former === undefined) return entry;
    const seen = mergeSeen(former.seen, entry.seen);
    // Whatever was needed here once is this machine's, also when it is not mounted just now.
    const foreign = former.foreign && entry.foreign;
    return unwritten ? { ...former, device: entry.device, seen, foreign } : { ...entry, seen, foreign };
  });
  const runs = new Set(now.map(({ arrayUuid }) => arrayUuid));
  return { entries: [...now, ...before.entries.filter(({ arrayUuid }) => !runs.has(arrayUuid))] };
}

/** Kernel names of arrays that run with other members than a record has. Until the first write that record is true; then it must be made anew. */
export const awaitingWrite = (
  records: readonly Ledger[],
  running: readonly ObservedEntry[],
): readonly string[] =>
  running
    .filter(
      (entry) =>
        entry.unwritten &&
        records.some((record) => {
          const former = entryOf(record, entry.arrayUuid);
          return former !== undefined && changed(former, entry);
        }),
    )
    .map(({ device }) => device);

/** What a small place (EFI variable, ESP) shall hold: the watched arrays in the order of their importance. */
export function watchedLedger(
  watched: readonly MdUuid[],
  running: readonly ObservedEntry[],
  before: Ledger | null,
  kept: Ledger,
): Ledger {
  const entries = watched.flatMap((uuid): LedgerEntry[] => {
    const now = running.find(({ arrayUuid, unwritten }) => arrayUuid === uuid && !unwritten);
    const entry = now ?? entryOf(before ?? EMPTY_LEDGER, uuid) ?? entryOf(kept, uuid);
    if (entry === undefined) return [];
    const { arrayUuid, recordedAtMs, events, updateTimeMs, inSync } = entry;
    return [{ arrayUuid, recordedAtMs, events, updateTimeMs, inSync }];
  });
  return { entries };
}

interface PlannedText {
  readonly text: string;
  /** Arrays that do not fit. */
  readonly leftOut: readonly MdUuid[];
  /** Something that counts is other than what the place holds now. */
  readonly needed: boolean;
}

/** The text for such a place, and whether it must be written: NVRAM wears, so only when a set of members in sync changed. */
export function planText(next: Ledger, before: Ledger | null, maxLength: number): PlannedText {
  const { text, leftOut } = formatLedgerText(next, maxLength);
  const fitting = next.entries.filter(({ arrayUuid }) => !leftOut.includes(arrayUuid));
  const needed =
    fitting.length > 0 &&
    (before === null || fitting.some((entry) => changed(entryOf(before, entry.arrayUuid), entry)));
  return { text, leftOut, needed };
}
