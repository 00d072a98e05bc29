import { MAX_SLOTS, type Role } from '../md/superblock.ts';
import type { DiskIdentity, WatchedArray } from '../watchlist/watchlist.ts';
import type { Verdict } from './verdict.ts';

export interface MissingMember {
  readonly role: Role;
  /** The disk that held the role when the watchlist was made; null when none is known. Escape its texts before a console. */
  readonly disk: DiskIdentity | null;
  /** Its device UUID then. */
  readonly deviceUuid: string | null;
}

/** The members that a verdict lacks, by slot, with the disk as the person knows it. */
export function describeMissing(watched: WatchedArray, verdict: Verdict): readonly MissingMember[] {
  return missingPlaces(watched, verdict).map((role) => {
    const holders = watched.members.filter((member) => member.role === role);
    const holder = holders.find((member) => member.ledger.inSync) ?? holders[0];
    return { role, disk: holder?.disk ?? null, deviceUuid: holder?.deviceUuid ?? null };
  });
}

/** Slots, and a write journal, without a member that counts. */
export function missingPlaces(watched: WatchedArray, verdict: Verdict): readonly Role[] {
  const slots = missingRoles(watched, verdict);
  return verdict.kind === 'unsafe' && verdict.reason.code === 'journal-missing'
    ? [...slots, 'journal']
    : slots;
}

/** Slots without a member that counts; no more than a superblock has, whatever number the watchlist gives. */
export function missingRoles(watched: WatchedArray, verdict: Verdict): readonly number[] {
  switch (verdict.kind) {
    case 'absent':
      return Array.from({ length: Math.min(watched.raidDevices, MAX_SLOTS) }, (_, role) => role);
    case 'insufficient':
    case 'startable':
    case 'unsafe':
      return verdict.missingRoles;
    default:
      return [];
  }
}
