import { EVENT_MARGIN } from '../md/event-margin.ts';
import type { PresentMember, Snapshot } from '../snapshot/snapshot.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import type { Answer } from './answer.ts';
import { wasLeftBehindBy } from './copies.ts';
import { compareFreshness, slotMembers } from './freshness.ts';
import { presentMembers } from './judge-array.ts';

interface MembersToStart {
  /** Everything that belongs to the copy that is to be started: slot members that fit together, its spares and journal. */
  readonly bind: readonly PresentMember[];
  /** Bound to an md device already, and not to be started with them: of another copy, or one that was not chosen. */
  readonly mustLeave: readonly PresentMember[];
}

/**
 * Which members a start takes, and which must be out of the way first. An older member that never ran without the others
 * may stay where udev has bound it: md leaves it out or copies what it missed.
 */
export function membersToStart(
  watched: WatchedArray,
  snapshot: Snapshot,
  answer: Answer | null,
): MembersToStart {
  const all = presentMembers(watched, snapshot);
  const chosen = all.filter(({ device }) => answer === null || answer.devices.has(device));
  const copy = compareFreshness(slotMembers(chosen));
  if (copy === null) return { bind: [], mustLeave: [] };
  const fresh = new Set(copy.fresh.map(({ device }) => device));
  const { events } = copy.freshest.superblock;
  const belongs = ({ device, superblock, faulty }: PresentMember): boolean => {
    if (faulty) return false;
    if (superblock.role === 'journal') return superblock.events + EVENT_MARGIN >= events;
    if (superblock.role === 'spare') return superblock.events <= events + EVENT_MARGIN;
    return fresh.has(device);
  };
  const bind = chosen.filter(belongs);
  const identities = new Set(bind.map(({ superblock }) => superblock.deviceUuid));
  const older = slotMembers(all).filter(
    (member) => !identities.has(member.superblock.deviceUuid) && wasLeftBehindBy(member, copy),
  );
  const mayStay = new Set([...bind, ...older].map(({ device }) => device));
  return { bind, mustLeave: all.filter(({ device, boundTo }) => boundTo !== null && !mayStay.has(device)) };
}
