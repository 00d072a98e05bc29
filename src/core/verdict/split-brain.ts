import { type Freshness, isWhole, knows, type SlotMember } from './freshness.ts';
import type { SplitMember, UnsafeReason } from './verdict.ts';

/**
 * A present member that went its own way: it knows none of the fresh members that hold other slots, so that it was written
 * without them, and they without it. An ordinary stale member still knows those that went on without it. One whose slot
 * a fresh member has taken over is only a disk that was replaced.
 */
export function findSplitBrain({ fresh, outdated, inSyncRoles, freshest }: Freshness): UnsafeReason | null {
  for (const member of outdated) {
    const replaced = inSyncRoles.has(member.role) && member.superblock.events < freshest.superblock.events;
    if (replaced) continue;
    const others = fresh.filter((other) => other.role !== member.role);
    const stranger = others[0];
    if (stranger === undefined || others.some((other) => knows(member.superblock, other))) continue;
    return { code: 'split-brain', members: [splitMember(stranger), splitMember(member)] };
  }
  return null;
}

/** Two devices that claim to be the same member: a copy made with dd, or two paths to one disk. */
export function findDuplicates(all: readonly SlotMember[], { fresh }: Freshness): UnsafeReason | null {
  const byUuid = new Map<string, SlotMember>();
  for (const member of all) {
    const { deviceUuid, metadata } = member.superblock;
    // 0.90 has no device UUID, and its numbers are reused: only the slots below can tell.
    if (metadata === '0.90') continue;
    const twin = byUuid.get(deviceUuid);
    if (twin !== undefined) return duplicates(twin, member);
    byUuid.set(deviceUuid, member);
  }
  const bySlot = new Map<number, SlotMember>();
  for (const member of fresh) {
    if (!isWhole(member)) continue;
    const twin = bySlot.get(member.role);
    if (twin !== undefined) return duplicates(twin, member);
    bySlot.set(member.role, member);
  }
  return null;
}

/** Firmware that gives every disk one serial number makes copies look like paths: a hint for a person, no more. */
const duplicates = (a: SlotMember, b: SlotMember): UnsafeReason => ({
  code: 'duplicate-members',
  devices: [a.device, b.device],
  role: b.role,
  disk: a.disk !== undefined && a.disk === b.disk ? a.disk : null,
});

export const splitMember = ({ device, role, superblock }: SlotMember): SplitMember => ({
  device,
  role,
  writtenMs: superblock.updateTimeMs,
});
