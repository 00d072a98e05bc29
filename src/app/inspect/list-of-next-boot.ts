import { listInImage } from '../../core/explain/list-in-image.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { readVariable } from '../ledger/efi-variable.ts';
import type { Machine } from '../machine.ts';
import { keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';

/**
 * What the next boot will know of who was last in sync. The firmware's record is refreshed at shutdown, so that what is seen now is what
 * is known then; without one there is only what the image got, of which the running system keeps a copy.
 */
export async function listOfNextBoot(
  machine: Pick<Machine, 'files' | 'runner' | 'paths'>,
  current: Watchlist,
): Promise<Watchlist> {
  if ((await readVariable(machine)).kind !== 'none') return current;
  const kept = await loadWatchlist(machine.files, keptWatchlistPath(ledgerPlaces(machine.paths)));
  return kept.ok ? listInImage(current, kept.value) : current;
}
