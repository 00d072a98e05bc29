import { applyLedger, believedEntry } from '../../core/ledger/apply-ledger.ts';
import { EMPTY_LEDGER } from '../../core/ledger/ledger.ts';
import { type KnownPlace, ledgerOf } from '../../core/ledger/places.ts';
import type { TimelineFact } from '../../core/report/timeline.ts';
import { ok, type Result } from '../../core/result/result.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import type { Machine } from '../machine.ts';
import { isImage, ledgerPlaces } from '../own-places.ts';
import { dateMs } from '../read/wall-clock.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { mountVariables } from './efi-variable.ts';
import { readLedgers } from './read-ledgers.ts';

type LedgerNote = TimelineFact<'ledger' | 'ledger-ignored'>;

export interface WatchlistWithLedger {
  /** What was last seen of its members is the newest that any place knows. */
  readonly watchlist: Watchlist;
  /** Which place was believed for which array, and which could not be read: for the report. */
  readonly notes: readonly LedgerNote[];
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

const notesOnPlaces = (known: readonly KnownPlace[]): readonly LedgerNote[] =>
  known.flatMap(({ name, state }) =>
    state.kind === 'damaged' || state.kind === 'denied'
      ? [{ kind: 'ledger-ignored', place: name, detail: state.why }]
      : [],
  );

function notesOnArrays(
  { arrays }: Watchlist,
  known: readonly KnownPlace[],
  nowMs: number,
): readonly LedgerNote[] {
  const ledgers = known.map((place) => ledgerOf(place) ?? EMPTY_LEDGER);
  return arrays.flatMap((array) => {
    const believed = believedEntry(array, ledgers, nowMs);
    if (believed === null || believed.from === 'own') return [];
    const { events, recordedAtMs, inSync } = believed.entry;
    const place = known[believed.from]?.name ?? '';
    const inSyncCount = inSync.length;
    return [{ kind: 'ledger', array: array.uuid, place, recordedAtMs, events, inSyncCount }];
  });
}
