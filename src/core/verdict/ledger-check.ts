import { OLDEST_BELIEVED_MS } from '../md/believed-date.ts';
import { EVENT_MARGIN } from '../md/event-margin.ts';
import type { PresentMember } from '../snapshot/snapshot.ts';
import type { WatchedArray, WatchedMember } from '../watchlist/watchlist.ts';
import { type Freshness, isWhole, type SlotMember } from './freshness.ts';
import { splitMember } from './split-brain.ts';
import type { UnsafeReason } from './verdict.ts';

/**
 * The present data is older than what was last seen, and a member that had the newer data is missing. The margin: when an
 * array goes from dirty to clean md takes one event back (md.c, can_decrease_events). Nothing is stale when every member
 * that the ledger calls in sync is present: the machine itself was restored from a backup.
 */
export function findStaleCopy(watched: WatchedArray, { freshest, fresh }: Freshness): UnsafeReason | null {
  const present = new Set(fresh.map((member) => member.superblock.deviceUuid));
  const { events, updateTimeMs } = freshest.superblock;
  let behind = 0;
  let lastSeenMs = 0;
  for (const member of inSyncMembers(watched)) {
    if (present.has(member.deviceUuid)) continue;
    behind = Math.max(behind, member.ledger.events - events);
    lastSeenMs = Math.max(lastSeenMs, member.ledger.updateTimeMs);
  }
  if (behind <= EVENT_MARGIN) return null;
  return { code: 'stale', writtenMs: updateTimeMs, behind, newer: { writtenMs: lastSeenMs } };
}

/**
 * A spare or journal takes part in every run of its array: when it saw more events than the present slots, the array
 * went on without them, on members that are missing.
 */
export function findStaleWitness(
  present: readonly PresentMember[],
  { freshest }: Freshness,
): UnsafeReason | null {
  const { events, updateTimeMs } = freshest.superblock;
  for (const { device, superblock, faulty } of present) {
    const { role, events: seen } = superblock;
    if (typeof role !== 'number' && !faulty && seen > events + EVENT_MARGIN)
      return { code: 'stale', writtenMs: updateTimeMs, behind: seen - events, newer: { device, role } };
  }
  return null;
}

/**
 * A member that calls itself in sync although the ledger saw it out of sync: it is from another line, the one where it ran
 * alone. A rebuild may have made it whole since: then events have happened that the ledger does not know, at a later date. Not so where
 * the ledger is current: there a member that calls one missing which was in sync has run without it, however many events it saw.
 */
export function findLedgerContradiction(watched: WatchedArray, freshness: Freshness): UnsafeReason | null {
  const { freshest, fresh } = freshness;
  const inSync = inSyncMembers(watched);
  const highest = Math.max(0, ...inSync.map((member) => member.ledger.events));
  const isCurrent = watched.ledgerIsCurrent === true;
  // What is behind is stale, and that may be allowed.
  const isBehind = highest - freshest.superblock.events > EVENT_MARGIN;
  const isEarlier = !isBehind && wasWrittenBefore(freshness, inSync);
  // A current ledger knows every member in sync; the image may not know one that was added since.
  const wasOut = ({ superblock }: SlotMember): boolean => {
    const seen = watched.members.find(({ deviceUuid }) => deviceUuid === superblock.deviceUuid);
    return seen === undefined ? isCurrent || isEarlier : !seen.ledger.inSync;
  };
  const ranWithoutThem = ({ superblock }: SlotMember): boolean =>
    isCurrent && inSync.some(({ role }) => typeof role === 'number' && superblock.slots[role] === 'missing');
  const odd = fresh.find(
    (member) =>
      isWhole(member) &&
      wasOut(member) &&
      (freshest.superblock.events <= highest || isEarlier || ranWithoutThem(member)),
  );
  if (odd === undefined) return null;
  return { code: 'split-brain', members: [splitMember(odd)] };
}

/** One that is away was written after all that is here: no rebuild can have made these whole since the ledger saw them. */
function wasWrittenBefore({ freshest, fresh }: Freshness, inSync: readonly WatchedMember[]): boolean {
  const present = new Set(fresh.map((member) => member.superblock.deviceUuid));
  const { updateTimeMs } = freshest.superblock;
  return (
    updateTimeMs >= OLDEST_BELIEVED_MS &&
    inSync.some(({ deviceUuid, ledger }) => !present.has(deviceUuid) && ledger.updateTimeMs > updateTimeMs)
  );
}

/** Every member that was last seen in sync is present: nothing else is to be expected. */
export function isAllThatWasInSync(watched: WatchedArray, { fresh }: Freshness): boolean {
  const present = new Set(fresh.map((member) => member.superblock.deviceUuid));
  const inSync = inSyncMembers(watched);
  return inSync.length > 0 && inSync.every((member) => present.has(member.deviceUuid));
}

const inSyncMembers = (watched: WatchedArray): readonly WatchedMember[] =>
  watched.members.filter((member) => member.ledger.inSync && typeof member.role === 'number');
