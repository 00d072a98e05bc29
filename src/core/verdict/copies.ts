import { enough } from '../md/enough.ts';
import { compareFreshness, type Freshness, knows, type SlotMember } from './freshness.ts';

/**
 * The copies of an array's data that its present members make up, the freshest first: members that fit together are one
 * copy. What is merely older than a copy is none of its own: it knows that copy's members and was left behind by them.
 */
export function copiesOf(members: readonly SlotMember[]): readonly Freshness[] {
  const copies: Freshness[] = [];
  for (
    let copy = compareFreshness(members);
    copy !== null;
    copy = copy.outdated.length === 0 ? null : compareFreshness(copy.outdated)
  ) {
    const ownLine = copies.every((earlier) => !isLeftBehind(copy, earlier));
    if (ownLine) copies.push(copy);
  }
  return copies;
}

/** All the data is in it, as far as members can be counted; whether they were clean is another question. */
export function holdsAll({ freshest, inSyncRoles }: Freshness): boolean {
  const { level, layout, raidDevices } = freshest.superblock;
  return enough(level, layout, raidDevices, inSyncRoles, true);
}

/**
 * A member that was left behind by that copy and never ran without it: every member of the copy is active in its own role
 * table, and its events are not above theirs. md may take it in again: it copies only what it missed (F1).
 */
export function wasLeftBehindBy(member: SlotMember, { fresh, freshest }: Freshness): boolean {
  return (
    member.superblock.events <= freshest.superblock.events &&
    fresh.every((other) => other.role === member.role || knows(member.superblock, other))
  );
}

/** Some other slot's member of the earlier copy is known to it, or all its slots have been taken over by newer members. */
const isLeftBehind = (copy: Freshness, earlier: Freshness): boolean =>
  copy.fresh.every((member) => {
    const replaced =
      earlier.inSyncRoles.has(member.role) && member.superblock.events < earlier.freshest.superblock.events;
    const others = earlier.fresh.filter((other) => other.role !== member.role);
    return replaced || others.length === 0 || others.some((other) => knows(member.superblock, other));
  });
