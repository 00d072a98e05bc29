import { byImportance } from '../../core/ledger/importance.ts';
import type { LedgerFindings } from '../../core/ledger/ledger-findings.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import type { Machine } from '../machine.ts';
import { isImage, keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { observeInSync } from '../read/in-sync-members.ts';
import { readInstalledGenerator } from '../read/installed-generator.ts';
import { dateMs } from '../read/wall-clock.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { readLedgers } from './read-ledgers.ts';
import { recordLedger } from './record-ledger.ts';

export interface LedgerRequest {
  /** Says what would be written; writes nothing. */
  readonly dryRun: boolean;
}

/**
 * `reliable-raid ledger`: records which members of each running array are in sync. `resolve` makes the watchlist where none
 * was kept; without one nothing is written to the small places.
 */
export async function ledger(
  machine: Machine,
  request: LedgerRequest,
  resolve: () => Promise<Watchlist | null> = async () => null,
  places = ledgerPlaces(machine.paths),
): Promise<LedgerFindings> {
  // In the boot image nothing lasts, and the arrays are not what they will be in a moment.
  const dryRun = request.dryRun || (await isImage(machine));
  const kept = await loadWatchlist(machine.files, keptWatchlistPath(places));
  const watchlist = kept.ok ? kept.value : await resolve();
  const nowMs = await dateMs(machine);
  const { running, denied } = await observeInSync(machine, nowMs);
  const known = await readLedgers(machine, places);
  const watched = watchlist === null ? [] : byImportance(watchlist);
  const recorded = await recordLedger(machine, places, { running, watched, known, dryRun });
  const { rebuild } = await readInstalledGenerator(machine.files);
  return { rebuild, nowMs, dryRun, running, denied, known, watchlist, recorded };
}
