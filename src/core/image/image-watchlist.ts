import type { Watchlist } from '../watchlist/watchlist.ts';
import { type Generator, INITRAMFS_TOOLS } from './generator.ts';

/**
 * The list as an image gets it, and as the running system keeps it: a boot is known by the very text of its image's list. `policies`: for
 * the gate, of arrays that are not listed.
 */
export const imageWatchlist = (
  watchlist: Watchlist,
  generator: Pick<Generator, 'name' | 'rebuild'>,
  policies: string,
): Watchlist => ({
  ...watchlist,
  ...(generator.name === INITRAMFS_TOOLS.name ? {} : { rebuild: generator.rebuild }),
  ...(policies === '' ? {} : { policies }),
});
