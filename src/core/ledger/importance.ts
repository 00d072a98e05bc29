import type { MdUuid } from '../md/md-uuid.ts';
import type { WatchedArray, Watchlist } from '../watchlist/watchlist.ts';

/** The listed arrays, those whose loss of memory would hurt most first: what `/` stands on, then other mounts, then `resume`. */
export function byImportance({ arrays }: Watchlist): readonly MdUuid[] {
  return [...arrays].sort((a, b) => rank(a) - rank(b)).map(({ uuid }) => uuid);
}

function rank({ neededBy }: WatchedArray): number {
  if (neededBy.includes('/')) return 0;
  return neededBy.some((name) => name !== 'resume') ? 1 : 2;
}
