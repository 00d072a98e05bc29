import type { Watchlist } from '../watchlist/watchlist.ts';
import { namedArrays } from './array-arguments.ts';

/** In an image of dracut, while only the list's arrays are handed to mdadm and no argument names them. */
const MARK = '/run/reliable-raid/listed-only';

/**
 * A udev rule: dracut's own rule, which takes every array with `rd.auto`, is left those of the list. It asks as that rule does of an array
 * that an argument names (parse-md.sh, 65-md-incremental-imsm.rules): the UUID that blkid knows a member by, else mdadm; `rd_NO_MD`
 * is what it heeds.
 */
export function formatMembersRule(watchlist: Pick<Watchlist, 'arrays'>): string {
  const uuids = namedArrays(watchlist);
  return `# Not the list's: dracut's rule leaves it alone.
SUBSYSTEM!="block", GOTO="reliable_raid_members_end"
TEST!="${MARK}", GOTO="reliable_raid_members_end"
ENV{ID_FS_TYPE}!="?*_raid_member", GOTO="reliable_raid_members_end"
ENV{ID_FS_UUID}=="${uuids.map(asBlkid).join('|')}", GOTO="reliable_raid_members_end"
IMPORT{program}="/sbin/mdadm --examine --export $devnode"
ENV{MD_UUID}=="${uuids.join('|')}", GOTO="reliable_raid_members_end"
ENV{rd_NO_MD}="1"
LABEL="reliable_raid_members_end"
`;
}

function asBlkid(uuid: string): string {
  const digits = uuid.replaceAll(':', '');
  return [0, 8, 12, 16, 20].map((from, at, starts) => digits.slice(from, starts[at + 1])).join('-');
}
