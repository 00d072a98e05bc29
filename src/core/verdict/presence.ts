import { EVENT_MARGIN } from '../md/event-margin.ts';
import type { PresentMember, Snapshot } from '../snapshot/snapshot.ts';
import { type DiskIdentity, isExternal, type WatchedArray } from '../watchlist/watchlist.ts';
import type { Answer } from './answer.ts';
import { describeMissing, type MissingMember, missingRoles } from './describe-missing.ts';
import {
  compareFreshness,
  type Freshness,
  isWhole,
  newestSuperblock,
  type SlotMember,
  slotMembers,
} from './freshness.ts';
import { membersToJudge } from './judge-array.ts';
import { judgeVolume } from './judge-volume.ts';
import type { Verdict } from './verdict.ts';

/** How the members of a listed array stand: all that is counted or named of them for a person. */
export interface Presence {
  /** md's level number, as the newest superblock that is present has it; the list's where none is. */
  readonly level: number;
  /** Slots of the array, from the same place: an array may have grown since the list was made. */
  readonly slotCount: number;
  /** Slots with a member that counts; 0 to `slotCount`. */
  readonly filledCount: number;
  /** What is waited for: members that no present device stands in for. */
  readonly absent: readonly MissingMember[];
  /** Plugged in, and of no use to the slot that lacks a member. */
  readonly unfit: readonly UnfitMember[];
}

/** A device that is present and does not count. Texts come from disks: escape them before a console. */
export interface UnfitMember {
  /** Kernel name. */
  readonly device: string;
  /** The slot that it would fill; null where neither its superblock nor the list knows one. */
  readonly role: number | null;
  /** The disk as the list knows it; null when it does not. */
  readonly disk: DiskIdentity | null;
  readonly why: UnfitReason;
}

export type UnfitReason =
  /** `failed`: md has failed it; `rebuilding`: its rebuild did not end; `left-out`: the newest members have it in no slot; `outdated`: its container's metadata is older. */
  | { readonly code: 'failed' | 'rebuilding' | 'left-out' | 'spare' | 'outdated' }
  | { readonly code: 'older'; readonly behind: number; readonly writtenMs: number }
  /** The list knows the disk by its name: no superblock can be read from it, or that of another array. */
  | { readonly code: 'unreadable' | 'other-array' };

/**
 * Counts what is present for a person. `verdict` is what was judged of the same devices; `answer` the copy that a
 * person chose, if any: only its devices are looked at.
 */
export function presenceOf(
  watched: WatchedArray,
  snapshot: Snapshot,
  verdict: Verdict,
  answer: Answer | null = null,
): Presence {
  const missing = describeMissing(watched, verdict);
  const shape = shapeOf(watched, snapshot, answer);
  const missingCount = verdict.kind === 'active' ? verdict.degraded : missingRoles(watched, verdict).length;
  const filledCount = Math.max(0, shape.slotCount - missingCount);
  if (verdict.kind === 'active') return { ...shape, filledCount, absent: [], unfit: [] };
  const places = new Set(missing.map(({ role }) => role));
  const unfit = [
    ...unfitMembers(watched, membersToJudge(watched, snapshot, answer)),
    ...unfitDisks(watched, snapshot),
    ...unfitByName(watched, snapshot),
  ].filter(({ role }) => role === null || places.has(role));
  return { ...shape, filledCount, absent: missing.filter(isAbsent(watched, snapshot, unfit)), unfit };
}

function shapeOf(
  watched: WatchedArray,
  snapshot: Snapshot,
  answer: Answer | null,
): Pick<Presence, 'level' | 'slotCount'> {
  if (isExternal(watched)) {
    const volume = judgeVolume(watched.uuid, snapshot.external ?? []);
    return {
      level: watched.level,
      slotCount: volume.kind === 'absent' ? watched.raidDevices : volume.slotCount,
    };
  }
  const newest = newestSuperblock(membersToJudge(watched, snapshot, answer));
  return newest === null
    ? { level: watched.level, slotCount: watched.raidDevices }
    : { level: newest.level, slotCount: newest.raidDevices };
}

function unfitMembers(watched: WatchedArray, members: readonly PresentMember[]): readonly UnfitMember[] {
  const freshness = compareFreshness(slotMembers(members));
  return members.flatMap((member) => {
    const known = watched.members.find(({ deviceUuid }) => deviceUuid === member.superblock.deviceUuid);
    const own = member.superblock.role;
    const listed = typeof known?.role === 'number' ? known.role : null;
    const why = whyUnfit(member, freshness, listed !== null);
    if (why === null) return [];
    const role = typeof own === 'number' ? own : listed;
    return [{ device: member.device, role, disk: known?.disk ?? null, why }];
  });
}

function whyUnfit(member: PresentMember, freshness: Freshness | null, hadSlot: boolean): UnfitReason | null {
  const { role, events, updateTimeMs } = member.superblock;
  if (member.faulty || role === 'faulty') return { code: 'failed' };
  // A spare that never held data is waited for by nobody; neither is a journal, which has no slot.
  if (role === 'spare') return hadSlot ? { code: 'spare' } : null;
  if (typeof role !== 'number' || freshness === null) return null;
  const { fresh, freshest } = freshness;
  const own = fresh.find(({ device }) => device === member.device);
  if (own !== undefined) return isRebuilt(own, freshness) ? null : { code: 'rebuilding' };
  const behind = freshest.superblock.events - events;
  return behind > EVENT_MARGIN ? { code: 'older', behind, writtenMs: updateTimeMs } : { code: 'left-out' };
}

/** Its data is whole, or it only replaces a member whose data is. */
const isRebuilt = (member: SlotMember, { inSyncRoles }: Freshness): boolean =>
  isWhole(member) || inSyncRoles.has(member.role);

/** Disks of a volume's container that were away while it was written. */
function unfitDisks(watched: WatchedArray, { external = [] }: Snapshot): readonly UnfitMember[] {
  const volume = judgeVolume(watched.uuid, external);
  if (volume.kind === 'absent') return [];
  return volume.outdated.map((device) => {
    const examined = external.find((disk) => disk.device === device)?.examined;
    const role = examined?.volumes.find(({ uuid }) => uuid === watched.uuid)?.ownSlot ?? null;
    const known = role === null ? undefined : watched.members.find((member) => member.role === role);
    return { device, role, disk: known?.disk ?? null, why: { code: 'outdated' } };
  });
}

/** Disks of the list that are there by their name, and carry no superblock of this array. */
function unfitByName(watched: WatchedArray, { members, byName }: Snapshot): readonly UnfitMember[] {
  if (byName === undefined || isExternal(watched)) return [];
  return watched.members.flatMap(({ role, disk, deviceUuid }) => {
    const device = disk.byId === null ? undefined : byName.get(disk.byId);
    if (device === undefined || typeof role !== 'number') return [];
    const own = members.filter(
      (member) => member.device === device || member.superblock.deviceUuid === deviceUuid,
    );
    if (own.some(({ superblock }) => superblock.arrayUuid === watched.uuid)) return [];
    const code = own.some((member) => member.device === device) ? 'other-array' : 'unreadable';
    return [{ device, role, disk, why: { code } }];
  });
}

/** A place is waited for unless the disk that the list knows in it is there, or, where it knows none, another one claims it. */
function isAbsent(
  watched: WatchedArray,
  { members }: Snapshot,
  unfit: readonly UnfitMember[],
): (missing: MissingMember) => boolean {
  return ({ role, disk, deviceUuid }) => {
    if (typeof role !== 'number') return true;
    const standIns = unfit.filter((member) => member.role === role);
    if (disk === null) return standIns.length === 0;
    const isHere = members.some(
      ({ superblock }) => superblock.arrayUuid === watched.uuid && superblock.deviceUuid === deviceUuid,
    );
    return !isHere && !standIns.some((member) => member.disk === disk);
  };
}
