import type { MdUuid } from '../md/md-uuid.ts';
import type { Watchlist } from '../watchlist/watchlist.ts';
import { sortArrays } from '../watchlist/watchlist-file.ts';

/** In an image of dracut, once it has begun to boot; `etc/` left out. It is there while nothing but the list's arrays is handed to mdadm. */
export const ARRAY_ARGUMENTS = 'cmdline.d/50-reliable-raid.conf';

/** `rd.md.uuid=` lines: without one, or with those of other arrays only, an image of dracut assembles none of these. */
export function formatArrayArguments(watchlist: Pick<Watchlist, 'arrays'>): string {
  return namedArrays(watchlist)
    .map((uuid) => `rd.md.uuid=${uuid}\n`)
    .join('');
}

/** A volume is assembled with its container, whose UUID is the one that dracut's rule compares (65-md-incremental-imsm.rules). */
export function namedArrays({ arrays }: Pick<Watchlist, 'arrays'>): readonly MdUuid[] {
  return [...new Set(sortArrays(arrays).map(({ uuid, container }) => container ?? uuid))];
}
