import type { Watchlist } from '../watchlist/watchlist.ts';
import { formatArrayArguments } from './array-arguments.ts';
import type { NarrowedTo } from './generator.ts';
import { formatMembersRule } from './members-rule.ts';

/** What leaves an image root's arrays only, each with its path in the tree. */
export function narrowedFiles(
  narrowed: NarrowedTo | null,
  watchlist: Pick<Watchlist, 'arrays'>,
): readonly (readonly [path: string, text: string])[] {
  if (narrowed === null) return [];
  return [
    [narrowed.arguments, formatArrayArguments(watchlist)],
    [narrowed.membersRule, formatMembersRule(watchlist)],
  ];
}
