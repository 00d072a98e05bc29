import { failure, ok, type Result } from '../../core/result/result.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { MAX_WATCHLIST_BYTES, parseWatchlist } from '../../core/watchlist/watchlist-file.ts';
import type { Files } from '../../ports/files.ts';

/** The watchlist of this image or machine, checked; a missing, cut or newer one is a failure that says so. */
export async function loadWatchlist(files: Files, path: string): Promise<Result<Watchlist>> {
  const read = await files.readTextOrReason(path, MAX_WATCHLIST_BYTES + 1);
  if ('reason' in read) {
    if (read.reason === 'missing')
      return failure(
        path,
        'not found; on the running system, write one: reliable-raid resolve --json --output FILE',
      );
    return failure(path, read.reason === 'denied' ? 'not permitted; run it as root' : read.detail);
  }
  const parsed = parseWatchlist(read.text, path);
  return parsed.ok ? ok(parsed.value) : parsed;
}
