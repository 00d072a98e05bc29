import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../core/watchlist/watchlist-file.ts';
import type { Machine } from '../machine.ts';
import { keptWatchlistPath, ledgerPlaces, writeInFolder } from '../own-places.ts';

/** Keeps what the image got for the running system, which records of these arrays what the boot must know. Says why not. */
export async function keepWatchlist(
  { files, paths }: Pick<Machine, 'files' | 'paths'>,
  watchlist: Watchlist,
  places = ledgerPlaces(paths),
): Promise<string | null> {
  const path = keptWatchlistPath(places);
  const why = await writeInFolder(files, path, formatWatchlist(watchlist));
  return why === null ? null : `${path}: could not be written: ${why}`;
}
