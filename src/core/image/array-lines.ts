import type { Watchlist } from '../watchlist/watchlist.ts';
import { sortArrays } from '../watchlist/watchlist-file.ts';

/** The plain list for the shell shim: `UUID when` a line, `before` or `after` a passphrase. */
export function formatArrayLines(watchlist: Watchlist): string {
  return sortArrays(watchlist.arrays)
    .map(({ uuid, behindPassphrase }) => `${uuid} ${behindPassphrase ? 'after' : 'before'}\n`)
    .join('');
}
