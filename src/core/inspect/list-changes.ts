import type { WatchedArray, Watchlist } from '../watchlist/watchlist.ts';
import { sameArrays } from './same-arrays.ts';

/** How the list in the boot image differs from the one that would be made now. */
export interface ListChanges {
  /** The boot needs them, and the image does not know them. */
  readonly added: readonly WatchedArray[];
  /** The image waits for them, and nothing needs them. */
  readonly removed: readonly WatchedArray[];
  /** Known, and of another shape or with other settings by now. */
  readonly changed: readonly WatchedArray[];
}

type Arrays = Pick<Watchlist, 'arrays'>;

export function listChanges(inImage: Arrays, now: Arrays): ListChanges {
  const before = new Map(inImage.arrays.map((array) => [array.uuid, array] as const));
  const after = new Set(now.arrays.map(({ uuid }) => uuid));
  return {
    added: now.arrays.filter(({ uuid }) => !before.has(uuid)),
    removed: inImage.arrays.filter(({ uuid }) => !after.has(uuid)),
    changed: now.arrays.filter((array) => {
      const old = before.get(array.uuid);
      return old !== undefined && !sameArrays({ arrays: [old] }, { arrays: [array] });
    }),
  };
}

export const isCurrent = ({ added, removed, changed }: ListChanges): boolean =>
  added.length + removed.length + changed.length === 0;
