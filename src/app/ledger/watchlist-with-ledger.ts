import { applyLedger, believedEntry } from '../../core/ledger/apply-ledger.ts';
import { EMPTY_LEDGER } from '../../core/ledger/ledger.ts';
import { type KnownPlace, ledgerOf } from '../../core/ledger/places.ts';
import { arrayLabel } from '../../core/render/labels.ts';
import { ok, type Result } from '../../core/result/result.ts';
import { utcDate } from '../../core/text/utc-date.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import type { Machine } from '../machine.ts';
import { isImage, ledgerPlaces } from '../own-places.ts';
import { dateMs } from '../read/wall-clock.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { mountVariables } from './efi-variable.ts';
import { readLedgers } from './read-ledgers.ts';

export interface WatchlistWithLedger {
  /** What was last seen of its members is the newest that any place knows. */
  readonly watchlist: Watchlist;
  /** Which place was believed for which array, and which could not be read: lines for the report. */
  readonly notes: readonly string[];
}

/** The watchlist, with the ledger that lies outside of the image: a stale half carries its own image with it. */
export async function loadWatchlistWithLedger(
  machine: Machine,
  path: string,
  places = ledgerPlaces(machine.paths),
): Promise<Result<WatchlistWithLedger>> {
  const loaded = await loadWatchlist(machine.files, path);
  if (!loaded.ok) return loaded;
  if (await isImage(machine)) await mountVariables(machine);
  const known = await readLedgers(machine, places);
  const nowMs = await dateMs(machine);
  const ledgers = known.map((place) => ledgerOf(place) ?? EMPTY_LEDGER);
  return ok({
    watchlist: applyLedger(loaded.value, ledgers, nowMs),
    notes: [...notesOnPlaces(known), ...notesOnArrays(loaded.value, known, nowMs)],
  });
}

const notesOnPlaces = (known: readonly KnownPlace[]): readonly string[] =>
  known.flatMap(({ name, state }) => (state.kind === 'damaged' ? [`${name} is ignored: ${state.why}`] : []));

function notesOnArrays(
  { arrays }: Watchlist,
  known: readonly KnownPlace[],
  nowMs: number,
): readonly string[] {
  const ledgers = known.map((place) => ledgerOf(place) ?? EMPTY_LEDGER);
  return arrays.flatMap((array) => {
    const believed = believedEntry(array, ledgers, nowMs);
    if (believed === null || believed.from === 'own') return [];
    const { events, recordedAtMs, inSync } = believed.entry;
    return [
      `${arrayLabel(array)}: ${known[believed.from]?.name}, recorded ${utcDate(recordedAtMs)}: ${inSync.length} in sync, ${events} events`,
    ];
  });
}
