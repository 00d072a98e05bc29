import { MAX_SLOTS, type Role } from '../md/superblock.ts';
import type { DiskIdentity, WatchedArray } from '../watchlist/watchlist.ts';
import type { Verdict } from './verdict.ts';

export interface MissingMember {
  readonly role: Role;
  /** The disk that held the role when the watchlist was made; null when none is known. Escape its texts before a console. */
  readonly disk: DiskIdentity | null;
}

/** The members that a verdict misses, by slot, with the disk as the person knows it. */
export function describeMissing(watched: WatchedArray, verdict: Verdict): readonly MissingMember[] {
  return missingRolesOf(watched, verdict).map((role) => {
    const holders = watched.members.filter((member) => member.role === role);
    const holder = holders.find((member) => member.ledger.inSync) ?? holders[0];
    return { role, disk: holder?.disk ?? null };
  });
}

/** Slots, and a write journal, whose newest data is not present. */
export function missingRolesOf(watched: WatchedArray, verdict: Verdict): readonly Role[] {
  switch (verdict.kind) {
    case 'absent':
      return Array.from({ length: Math.min(watched.raidDevices, MAX_SLOTS) }, (_, role) => role);
    case 'insufficient':
    case 'startable':
      return verdict.missingRoles;
    case 'unsafe':
      return verdict.reason.code === 'journal-missing'
        ? [...verdict.missingRoles, 'journal']
        : verdict.missingRoles;
    default:
      return [];
  }
}
