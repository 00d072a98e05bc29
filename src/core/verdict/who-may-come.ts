import type { Snapshot } from '../snapshot/snapshot.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import { compareFreshness, slotMembers } from './freshness.ts';
import { presentMembers } from './judge-array.ts';

/**
 * Whether everyone who could bring an array data is in sight, whatever that data is worth (stale, half rebuilt, failed): every member
 * in sync and every journal of the watchlist, and every device that the freshest superblock gives a slot. Then waiting is for
 * nobody. False where the list or the superblocks know too little to say so; of an array that is not listed the superblocks alone tell, as they
 * do to mdadm.
 */
export function isEveryoneInSight(watched: WatchedArray, snapshot: Snapshot, isUnlisted = false): boolean {
  const present = presentMembers(watched, snapshot);
  const freshness = compareFreshness(slotMembers(present));
  const listed = watched.members.filter(
    ({ role, ledger }) => (typeof role === 'number' && ledger.inSync) || role === 'journal',
  );
  if (freshness === null || (listed.length === 0 && !isUnlisted)) return false;
  const identities = new Set(present.map(({ superblock }) => superblock.deviceUuid));
  const numbers = new Set(present.map(({ superblock }) => superblock.deviceNumber));
  return (
    listed.every(({ deviceUuid }) => identities.has(deviceUuid)) &&
    freshness.freshest.superblock.slotHolders.every((holders) =>
      holders.every((number) => numbers.has(number)),
    )
  );
}
