import type { Superblock } from '../md/superblock.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import { utcDate } from '../text/utc-date.ts';

/** A block device and what its superblock says. */
export interface MemberDevice {
  /** Kernel name, such as `sda1`. */
  readonly device: string;
  readonly superblock: Superblock;
}

/** An array that runs, as far as a returning member is judged by it. */
export interface RunningArray {
  /** Kernel name, such as `md0`. */
  readonly device: string;
  /** Number of missing slots; null for levels without redundancy. */
  readonly degraded: number | null;
  /** Bound members that it has not failed. */
  readonly members: readonly MemberDevice[];
  /** Kernel names of bound members, not failed, whose superblock could not be read. */
  readonly unreadable: readonly string[];
}

export interface ReaddRefusal {
  readonly kind: 'refuse';
  readonly code:
    | 'other-array'
    | 'unreadable'
    | 'duplicate'
    | 'reshaped'
    | 'used-alone'
    | 'left-before'
    | 'events-above'
    | 'unknown-device'
    | 'slot-taken'
    | 'no-slot';
  /** For people: what is wrong with the device that is named before it; free of control characters. */
  readonly text: string;
}

type ReaddDecision = { readonly kind: 'allow'; readonly role: number } | ReaddRefusal;

/**
 * S8: whether a member that comes back may join the running array. md itself compares event counts and nothing else, and
 * merges a disk that was used alone in between (F1). All of these must hold: the same array and shape;
 * the joiner's superblock counts every member that is in sync now as holder of its slot, by device number, so that it
 * never ran without one of them; its events are not above the array's; its device UUID is known; its slot is free.
 *
 * `known`: device UUIDs of the members that were recorded, null where there is no record. One that was first made while a
 * member was away does not have them all, and says nothing against the one that comes. A joiner that the array's own role
 * table still gives its slot is known anyhow.
 */
export function decideReadd(
  joiner: MemberDevice,
  array: RunningArray,
  known: ReadonlySet<string> | null,
): ReaddDecision {
  const { superblock } = joiner;
  if (array.members.some((member) => member.superblock.arrayUuid !== superblock.arrayUuid))
    return refuse('other-array', `it does not belong to ${array.device} but to another array`);
  const inSync = array.members.filter(isInSync);
  if (inSync.length === 0 || array.unreadable.length > 0) {
    const which = array.unreadable.map((device) => escapeForConsole(device)).join(', ') || 'every member';
    return refuse(
      'unreadable',
      `nothing can be compared: the superblock of ${which} in ${array.device} could not be read`,
    );
  }
  return (
    findTwin(superblock, array.members) ??
    findOtherShape(superblock, inSync) ??
    findOtherLine(superblock, inSync) ??
    findNewerEvents(superblock, inSync) ??
    findUnknown(superblock, inSync, known) ??
    placeFor(superblock, array)
  );
}

/** What a person would type to make the disk a member from nothing; what it holds is lost then. */
export const rebuildCommands = (arrayDevice: string, device: string): readonly string[] => [
  `wipefs --all /dev/${device}`,
  `mdadm /dev/${arrayDevice} --add /dev/${device}`,
];

const refuse = (code: ReaddRefusal['code'], text: string): ReaddRefusal => ({ kind: 'refuse', code, text });

const isInSync = ({ superblock }: MemberDevice): boolean =>
  typeof superblock.role === 'number' && superblock.recoveryOffsetSectors === null;

/** 0.90 has no device UUID: there only the slot can tell. */
function findTwin(joiner: Superblock, members: readonly MemberDevice[]): ReaddRefusal | null {
  if (joiner.metadata === '0.90') return null;
  const twin = members.find(({ superblock }) => superblock.deviceUuid === joiner.deviceUuid);
  if (twin === undefined) return null;
  return refuse(
    'duplicate',
    `it says it is the same member as ${escapeForConsole(twin.device)}: a copy of it, or a second path to it`,
  );
}

function findOtherShape(joiner: Superblock, inSync: readonly MemberDevice[]): ReaddRefusal | null {
  const same = inSync.every(
    ({ superblock }) =>
      superblock.level === joiner.level &&
      superblock.layout === joiner.layout &&
      superblock.raidDevices === joiner.raidDevices &&
      superblock.chunkBytes === joiner.chunkBytes,
  );
  if (same && !joiner.reshaping && !inSync.some(({ superblock }) => superblock.reshaping)) return null;
  return refuse('reshaped', 'the array was reshaped, or a reshape is under way');
}

/** A member in sync now that the joiner does not count: both ran without each other, or it came after the joiner had left. */
function findOtherLine(joiner: Superblock, inSync: readonly MemberDevice[]): ReaddRefusal | null {
  for (const { device, superblock } of inSync) {
    const { role, deviceNumber } = superblock;
    if (typeof role !== 'number' || role === joiner.role) continue;
    const holders = joiner.slotHolders[role] ?? [];
    if (holders.includes(deviceNumber)) continue;
    const other = `role ${role} (${escapeForConsole(device)})`;
    return holders.length === 0
      ? refuse('used-alone', `it was used without ${other}, last on ${utcDate(joiner.updateTimeMs)}`)
      : refuse('left-before', `it left on ${utcDate(joiner.updateTimeMs)}, before ${other} became a member`);
  }
  return null;
}

function findNewerEvents(joiner: Superblock, inSync: readonly MemberDevice[]): ReaddRefusal | null {
  const highest = Math.max(...inSync.map(({ superblock }) => superblock.events));
  if (joiner.events <= highest) return null;
  return refuse('events-above', `its event count (${joiner.events}) is above that of the array (${highest})`);
}

function findUnknown(
  joiner: Superblock,
  inSync: readonly MemberDevice[],
  known: ReadonlySet<string> | null,
): ReaddRefusal | null {
  const { role, deviceNumber, deviceUuid, raidDevices } = joiner;
  if (known === null || known.size < raidDevices || known.has(deviceUuid)) return null;
  const stillCounted =
    typeof role === 'number' &&
    inSync.some(({ superblock }) => superblock.slotHolders[role]?.includes(deviceNumber));
  return stillCounted
    ? null
    : refuse('unknown-device', `no member with its device UUID ${escapeForConsole(deviceUuid)} is known`);
}

function placeFor({ role }: Superblock, array: RunningArray): ReaddDecision {
  if (typeof role !== 'number') return refuse('no-slot', `it is a ${role} device: it holds no data`);
  const holder = array.members.find(({ superblock }) => superblock.role === role);
  if (holder === undefined) return { kind: 'allow', role };
  return refuse('slot-taken', `its role ${role} is now held by ${escapeForConsole(holder.device)}`);
}
