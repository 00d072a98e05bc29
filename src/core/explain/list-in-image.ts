import type { Watchlist } from '../watchlist/watchlist.ts';

/**
 * The list as a boot knows it that finds no record outside of its image: of each member what was last seen when the image was
 * built, and nothing of members that came later. An array that is not in the image's list stays as it is: a new image is due anyway.
 */
export function listInImage(current: Watchlist, ofImage: Watchlist): Watchlist {
  const known = new Map(ofImage.arrays.map(({ uuid, members }) => [uuid, members] as const));
  return {
    ...current,
    arrays: current.arrays.map((array) => ({ ...array, members: known.get(array.uuid) ?? array.members })),
  };
}
