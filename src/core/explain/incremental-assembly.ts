import { enough, KNOWN_LEVELS } from '../md/enough.ts';
import { EVENT_MARGIN } from '../md/event-margin.ts';
import type { Superblock } from '../md/superblock.ts';
import type { PresentMember } from '../snapshot/snapshot.ts';
import { compareFreshness, type Freshness, slotMembers } from '../verdict/freshness.ts';

/**
 * What `reliable-raid gate` answers in the image about a member of an array that does not run: a superblock that calls
 * a slot missing is of an array that ran, or was made, degraded; stock udev would start it at once (S5, S6).
 */
export const isHeldByGate = ({ level, slots }: Superblock): boolean =>
  KNOWN_LEVELS.has(level) && slots.includes('missing');

/**
 * Whether `mdadm --incremental` starts the array when these are bound: every member that its freshest superblock counts on is
 * there, and that is enough (Incremental.c: active_disks >= working_disks). A missing write journal makes it wait.
 */
export function startsByItself(bound: readonly PresentMember[]): boolean {
  const freshness = compareFreshness(slotMembers(bound));
  if (freshness === null || !acceptedByKernel(freshness)) return false;
  const { freshest, fresh } = freshness;
  // Only read-only at first, so that mdadm can begin its backup (raid5.c, "in-place reshape must be started in read-only mode").
  if (fresh.some(({ superblock }) => superblock.reshapeNeedsBackup)) return false;
  const holders = new Set(fresh.map(({ role }) => role));
  const { slots, needsJournal, events } = freshest.superblock;
  const hasJournal = bound.some(
    ({ superblock }) => superblock.role === 'journal' && superblock.events + EVENT_MARGIN >= events,
  );
  return (
    slots.every((slot, role) => slot === 'missing' || holders.has(role)) && (!needsJournal || hasJournal)
  );
}

/** Whether `mdadm --run` starts the array with these bound (S3). */
export function canBeRun(bound: readonly PresentMember[]): boolean {
  const freshness = compareFreshness(slotMembers(bound));
  return freshness !== null && acceptedByKernel(freshness);
}

/** Slots whose data would be missing if the array ran with these. */
export function rolesMissing(bound: readonly PresentMember[]): readonly number[] {
  const freshness = compareFreshness(slotMembers(bound));
  const raidDevices = freshness?.freshest.superblock.raidDevices ?? 0;
  return Array.from({ length: raidDevices }, (_, role) => role).filter(
    (role) => !freshness?.inSyncRoles.has(role),
  );
}

/** A member that is being rebuilt counts for starting; parity that may be wrong does not make up for a missing one. */
function acceptedByKernel({ freshest, fresh, inSyncRoles }: Freshness): boolean {
  const { level, layout, raidDevices } = freshest.superblock;
  const clean = fresh.every(({ superblock }) => superblock.clean);
  return KNOWN_LEVELS.has(level) && enough(level, layout, raidDevices, inSyncRoles, clean);
}
