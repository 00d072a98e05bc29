import { EVENT_MARGIN } from '../md/event-margin.ts';
import type { Superblock } from '../md/superblock.ts';
import type { PresentMember } from '../snapshot/snapshot.ts';

/** A present member whose superblock gives it a slot. */
export interface SlotMember extends PresentMember {
  readonly role: number;
}

/** How the present slot members of one array stand to each other. */
export interface Freshness {
  /** The superblock that the kernel would believe: the highest event count. */
  readonly freshest: SlotMember;
  /** Members that would be assembled with it, whole or being rebuilt; itself included. */
  readonly fresh: readonly SlotMember[];
  /** The others: their data is from another time or another line. */
  readonly outdated: readonly SlotMember[];
  /** Slots whose data is present: a fresh member that is in sync. */
  readonly inSyncRoles: ReadonlySet<number>;
}

/** Spares and journals hold no slot and never decide which copy is the freshest (Assemble.c: "a stray spare"). */
export function slotMembers(members: readonly PresentMember[]): readonly SlotMember[] {
  const found: SlotMember[] = [];
  for (const member of members) {
    const { role } = member.superblock;
    if (typeof role === 'number' && !member.faulty) found.push({ ...member, role });
  }
  return found;
}

/**
 * Sorts members as md's assembly would, and a little stricter: besides the event count, the freshest must know the member
 * as holder of its slot (kernel since dc1cc22ed58f: with a difference of 1 the member may be the one that just failed), and
 * the member must know the freshest (Assemble.c: "ignoring A as it reports B as failed").
 */
export function compareFreshness(members: readonly SlotMember[]): Freshness | null {
  let freshest: SlotMember | undefined;
  for (const member of members) if (freshest === undefined || isFresher(member, freshest)) freshest = member;
  if (freshest === undefined) return null;

  const fresh: SlotMember[] = [];
  const outdated: SlotMember[] = [];
  const inSyncRoles = new Set<number>();
  for (const member of members) {
    const belongs =
      member.superblock.events + EVENT_MARGIN >= freshest.superblock.events &&
      knows(freshest.superblock, member) &&
      knows(member.superblock, freshest);
    (belongs ? fresh : outdated).push(member);
    if (belongs && isWhole(member)) inSyncRoles.add(member.role);
  }
  return { freshest, fresh, outdated, inSyncRoles };
}

/** The superblock that the kernel would believe; where no device has a slot, that of the last spare or journal. */
export function newestSuperblock(members: readonly PresentMember[]): Superblock | null {
  const freshest = compareFreshness(slotMembers(members));
  if (freshest !== null) return freshest.freshest.superblock;
  let newest: Superblock | null = null;
  for (const { superblock } of members)
    if (newest === null || superblock.events > newest.events) newest = superblock;
  return newest;
}

/** That superblock's role table gives the member its slot: by device number, so that a successor in the slot is someone else. */
export const knows = (superblock: Superblock, member: SlotMember): boolean =>
  superblock.slotHolders[member.role]?.includes(member.superblock.deviceNumber) ?? false;

/** Its data is complete: not being rebuilt, and no replacement on its way. */
export const isWhole = (member: PresentMember): boolean => member.superblock.recoveryOffsetSectors === null;

function isFresher(member: SlotMember, than: SlotMember): boolean {
  const a = member.superblock;
  const b = than.superblock;
  if (a.events !== b.events) return a.events > b.events;
  if (isWhole(member) !== isWhole(than)) return isWhole(member);
  return a.updateTimeMs !== b.updateTimeMs ? a.updateTimeMs > b.updateTimeMs : member.device < than.device;
}
