import type { ArrayState } from '../md/array-state.ts';
import { enough } from '../md/enough.ts';
import { LEVELS } from '../md/levels.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import { MAX_SLOTS } from '../md/superblock.ts';
import type { SyncProgress } from '../parse/md-sync.ts';
import type { PresentMember } from '../snapshot/snapshot.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { DiskIdentity, WatchedMember } from '../watchlist/watchlist.ts';

/** One device that a running array has a folder for, as sysfs shows it to anybody. */
export interface BoundMember {
  /** Kernel name. */
  readonly device: string;
  readonly slot: number | null;
  /** md's words (dev-X/state), such as `in_sync` or `faulty`. */
  readonly words: readonly string[];
}

/** A running array, as sysfs shows it to anybody. */
export interface RunningFacts {
  /** Kernel name. */
  readonly device: string;
  readonly uuid: MdUuid | null;
  readonly state: ArrayState;
  /** md's word, such as `raid1`. */
  readonly level: string;
  readonly layout: number;
  readonly raidDevices: number;
  /** Missing slots as md counts them; null for levels without redundancy. */
  readonly degraded: number | null;
  readonly members: readonly BoundMember[];
  readonly sync: SyncProgress | null;
}

/** A member that the gate keeps from mdadm. Texts come from disks: escape them. */
export interface HeldMember {
  readonly device: string;
  /** Half a sentence, in the gate's words. */
  readonly why: string;
}

export interface MissingDisk {
  readonly role: number;
  /** Null where no record knows it. */
  readonly disk: DiskIdentity | null;
  /** As an earlier list called it, where that is all that is known. */
  readonly calledBefore: string | null;
  /** When it was last seen in the array, milliseconds since 1970. */
  readonly lastSeenMs: number | null;
  /** Kernel name, where md has failed it and still holds it. */
  readonly failedDevice: string | null;
  /** Kernel name, where it is present and the gate holds it. */
  readonly heldDevice: string | null;
}

/**
 * `complete`; `rebuilding`: a member is being filled and every slot has one; `degraded`: a slot has none; `failed`: it runs, and its
 * data cannot be read; `down`: it does not run.
 */
export type Condition = 'complete' | 'rebuilding' | 'degraded' | 'failed' | 'down';

/** One array as it stands. Texts come from disks: escape them. */
export interface ArrayStatus {
  readonly uuid: MdUuid | null;
  /** For show: its name, else its kernel name, else empty. */
  readonly name: string;
  /** Kernel name while it has one. */
  readonly device: string | null;
  readonly condition: Condition;
  /** md's word; null where nothing is known of an array that does not run. */
  readonly level: string | null;
  readonly slotCount: number;
  /** Slots whose data is whole. */
  readonly filledCount: number;
  /** More members that may fail, whichever they are, before data is lost; null for an array that does not run. */
  readonly spareFailures: number | null;
  /** Mounts, `swap`, or what the boot needs it for. */
  readonly neededBy: readonly string[];
  readonly missing: readonly MissingDisk[];
  /** Kernel names of members that are being filled. */
  readonly rebuilding: readonly string[];
  readonly sync: SyncProgress | null;
  readonly held: readonly HeldMember[];
  /** What it has a folder for in sysfs. */
  readonly bound: readonly BoundMember[];
  /** What may be done with an array that does not run; null for one that runs, or where members could not be read. */
  readonly verdict: Verdict | null;
  /** It was started degraded in this boot and has not been complete since. */
  readonly startedDegraded: boolean;
  /** The boot needs it, or a ledger knows it: that it does not run is a fault. */
  readonly isOurs: boolean;
}

/** What is known of an array besides what sysfs shows. */
export interface KnownOfArray {
  readonly name: string;
  readonly neededBy: readonly string[];
  /** Of the list, newest knowledge first. */
  readonly members: readonly WatchedMember[];
  /** Readable superblocks, for its failed members. */
  readonly present: readonly PresentMember[];
  /** By device UUID, milliseconds since 1970. */
  readonly lastSeen: ReadonlyMap<string, number>;
  /** By role. */
  readonly calledBefore: ReadonlyMap<number, string>;
  readonly held: readonly HeldMember[];
  readonly startedDegraded: boolean;
  readonly isOurs: boolean;
}

/** How a running array stands. */
export function runningStatus(facts: RunningFacts, known: KnownOfArray): ArrayStatus {
  const { device, uuid, level, layout, degraded, members, sync, state } = facts;
  const slotCount = Math.min(Math.max(0, facts.raidDevices), MAX_SLOTS);
  const good = members.filter(({ words }) => !words.includes('faulty'));
  const whole = new Set(
    good.flatMap(({ slot, words }) => (slot !== null && words.includes('in_sync') ? [slot] : [])),
  );
  const filled = new Set(good.flatMap(({ slot }) => slot ?? []));
  const slots = Array.from({ length: slotCount }, (_, role) => role);
  // What sysfs shows of volumes in containers is md's count alone.
  const empty = (degraded ?? 0) === 0 ? [] : slots.filter((role) => !filled.has(role));
  const number = LEVELS[level] ?? null;
  const lost =
    state === 'broken' ||
    (number !== null &&
      members.length > 0 &&
      whole.size > 0 &&
      !enough(number, layout, slotCount, whole, true));
  const rebuilding = good.flatMap(({ device: name, slot, words }) =>
    slot !== null && !words.includes('in_sync') && !whole.has(slot) ? [name] : [],
  );
  const isDegraded = (degraded ?? 0) > 0;
  return {
    uuid,
    device,
    name: known.name,
    condition: lost ? 'failed' : !isDegraded ? 'complete' : empty.length === 0 ? 'rebuilding' : 'degraded',
    level,
    slotCount,
    filledCount: Math.max(0, slotCount - (degraded ?? 0)),
    spareFailures: number === null ? null : spareFailures(number, layout, slotCount, whole),
    neededBy: known.neededBy,
    missing: empty.map((role) => missingDisk(role, known, members)),
    rebuilding,
    sync,
    held: known.held,
    bound: members,
    verdict: null,
    startedDegraded: isDegraded && known.startedDegraded,
    isOurs: known.isOurs,
  };
}

/** How an array stands that does not run. */
export const downStatus = (
  array: Pick<ArrayStatus, 'uuid' | 'device' | 'level' | 'slotCount' | 'filledCount' | 'verdict'>,
  known: KnownOfArray,
  missingRoles: readonly number[],
): ArrayStatus => ({
  ...array,
  name: known.name,
  condition: 'down',
  spareFailures: null,
  neededBy: known.neededBy,
  missing: missingRoles.map((role) => missingDisk(role, known, [])),
  rebuilding: [],
  sync: null,
  held: known.held,
  bound: [],
  startedDegraded: false,
  isOurs: known.isOurs,
});

/** The smallest number of members whose loss loses data, less one; looked for no further than three, as no level stands more. */
function spareFailures(level: number, layout: number, slotCount: number, whole: ReadonlySet<number>): number {
  if (level === 1) return Math.max(0, whole.size - 1);
  const rolesThere = [...whole];
  let worst = 0;
  let sets: readonly (readonly number[])[] = [[]];
  while (worst < 3 && sets.length <= 4096) {
    sets = sets.flatMap((gone) =>
      rolesThere.filter((role) => role > (gone.at(-1) ?? -1)).map((role) => [...gone, role]),
    );
    const survives = (gone: readonly number[]): boolean =>
      enough(level, layout, slotCount, new Set(rolesThere.filter((role) => !gone.includes(role))), true);
    if (sets.length === 0 || !sets.every(survives)) return worst;
    worst++;
  }
  return worst;
}

function missingDisk(role: number, known: KnownOfArray, bound: readonly BoundMember[]): MissingDisk {
  const inUse = new Set(
    known.present.filter(({ faulty, boundTo }) => !faulty && boundTo !== null).map(uuidOf),
  );
  const former = known.members.find((one) => one.role === role && !inUse.has(one.deviceUuid)) ?? null;
  const failed = bound.filter(({ words }) => words.includes('faulty'));
  const own = failed.find(
    ({ device, slot }) =>
      slot === role ||
      known.present.some((one) => one.device === device && uuidOf(one) === former?.deviceUuid),
  );
  return {
    role,
    disk: former?.disk ?? null,
    calledBefore: known.calledBefore.get(role) ?? null,
    lastSeenMs: former === null ? null : (known.lastSeen.get(former.deviceUuid) ?? null),
    // One that failed, and one slot that is empty: it is that.
    heldDevice:
      known.held.find(({ device }) =>
        known.present.some(
          (one) =>
            one.device === device && (uuidOf(one) === former?.deviceUuid || one.superblock.role === role),
        ),
      )?.device ?? null,
    failedDevice: own?.device ?? (failed.length === 1 ? (failed[0]?.device ?? null) : null),
  };
}

const uuidOf = ({ superblock }: PresentMember): string => superblock.deviceUuid;
