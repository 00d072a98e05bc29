import type { MdUuid } from '../md/md-uuid.ts';
import type { Superblock } from '../md/superblock.ts';
import { isRunning, type PresentMember, type Snapshot } from '../snapshot/snapshot.ts';
import type { BlockGraph } from '../topology/block-graph.ts';
import type { TreeRoot } from '../topology/find-roots.ts';
import { type Need, needOf, needOfMembers } from '../topology/need.ts';
import { compareFreshness, slotMembers } from '../verdict/freshness.ts';
import { isExternal, type Watchlist } from '../watchlist/watchlist.ts';

/** A need, with arrays by UUID as the watchlist knows them. */
export interface FutureNeed {
  readonly disks: ReadonlySet<string>;
  readonly arrays: ReadonlySet<MdUuid>;
  readonly passphrase: boolean;
}

/** A member as the next boot would find it, once what it needs is present. */
export interface FutureMember {
  /** Kernel name, as now; the next boot may give another one. */
  readonly device: string;
  readonly superblock: Superblock;
  readonly need: FutureNeed;
}

/** A volume in an IMSM or DDF container: started whole by udev, or not at all. */
interface FutureVolume {
  readonly uuid: MdUuid;
  readonly degraded: number | null;
  readonly need: FutureNeed;
}

/** What a boot mount, the resume swap or a mapping of crypttab needs. */
export interface FutureMount {
  readonly name: string;
  readonly need: FutureNeed;
}

/** All that decides about the next boot, disks that are taken away aside. */
export interface NextBoot {
  readonly watchlist: Watchlist;
  readonly members: readonly FutureMember[];
  readonly volumes: readonly FutureVolume[];
  readonly mounts: readonly FutureMount[];
  /** Kernel names of the arrays as now, for show. */
  readonly deviceNames: ReadonlyMap<MdUuid, string>;
}

/** What the running machine says about itself. */
interface RunningMachine {
  readonly watchlist: Watchlist;
  readonly snapshot: Snapshot;
  readonly graph: BlockGraph;
  readonly roots: readonly TreeRoot[];
  /** UUIDs of the arrays that the roots reach, by kernel name. */
  readonly arrayUuids: ReadonlyMap<string, MdUuid>;
  /** Arrays whose resync has not come to its end: a clean shutdown leaves them as they are. Kernel names. */
  readonly resyncing: ReadonlySet<string>;
  /** udev starts what is whole, named by a list or not. */
  readonly assemblesUnlisted: boolean;
}

/** The next boot of a machine that is shut down cleanly as it stands. */
export function nextBoot(machine: RunningMachine): NextBoot {
  const { watchlist, snapshot, graph, roots, arrayUuids } = machine;
  const listed = new Set(watchlist.arrays.map(({ uuid }) => uuid));
  const needIn = (need: Need): FutureNeed => ({
    ...need,
    arrays: new Set([...need.arrays].flatMap((device) => arrayUuids.get(device) ?? [])),
  });
  const isListed = (device: string): boolean => {
    const uuid = arrayUuids.get(device);
    return uuid !== undefined && listed.has(uuid);
  };
  const deviceNames = new Map([...arrayUuids].map(([device, uuid]) => [uuid, device] as const));
  const external = watchlist.arrays.filter(isExternal);
  return {
    watchlist,
    members: shutDown(snapshot, machine.resyncing)
      .filter(({ superblock }) => listed.has(superblock.arrayUuid))
      .flatMap(({ device, superblock }): FutureMember[] => {
        const need = needOfMember(device, machine, isListed);
        return need === null ? [] : [{ device, superblock, need: needIn(need) }];
      })
      .sort((a, b) => (a.device < b.device ? -1 : 1)),
    volumes: external.map(({ uuid }) => {
      const device = deviceNames.get(uuid) ?? '';
      const degraded = snapshot.arrays.find((array) => array.device === device)?.degraded ?? null;
      return { uuid, degraded, need: needIn(needOfMembers(device, graph)) };
    }),
    mounts: roots.map(({ name, ids }) => ({ name, need: needIn(needOf(ids, graph)) })),
    deviceNames,
  };
}

/**
 * What a member needs, arrays aside that the list does not know: udev starts them before root where they are whole, which takes all of their
 * disks. null where one is not, since it is looked after when all that is listed had its turn.
 */
function needOfMember(
  device: string,
  { graph, snapshot, assemblesUnlisted }: RunningMachine,
  isListed: (array: string) => boolean,
): Need | null {
  const startsByItself = (array: string): boolean => {
    const found = snapshot.arrays.find((one) => one.device === array);
    return assemblesUnlisted && found !== undefined && isRunning(found) && (found.degraded ?? 0) === 0;
  };
  const unlisted = new Set<string>();
  for (;;) {
    const below = [...unlisted].flatMap((array) => graph.get(array)?.standsOn ?? []);
    const need = needOf([device, ...below], graph);
    const more = [...need.arrays].filter((array) => !isListed(array) && !unlisted.has(array));
    if (!more.every(startsByItself)) return null;
    if (more.length === 0) return { ...need, arrays: new Set([...need.arrays].filter(isListed)) };
    for (const array of more) unlisted.add(array);
  }
}

/**
 * Superblocks as a clean shutdown leaves them: members of a running array that it has not failed get its last event count
 * and time, and are clean unless a resync is left to do (md.c, md_update_sb and md_stop). All others stay as they are.
 */
function shutDown({ members, arrays }: Snapshot, resyncing: ReadonlySet<string>): readonly PresentMember[] {
  const last = new Map<string, Superblock>();
  for (const array of arrays.filter(isRunning)) {
    const inUse = members.filter(({ boundTo, faulty }) => boundTo === array.device && !faulty);
    const freshest = compareFreshness(slotMembers(inUse))?.freshest.superblock;
    if (freshest !== undefined) last.set(array.device, freshest);
  }
  return members.map((member) => {
    const { superblock, boundTo, faulty } = member;
    const written = boundTo === null || faulty ? undefined : last.get(boundTo);
    if (written === undefined || boundTo === null || !isCountedOn(member, written)) return member;
    const { slots, slotHolders, events, updateTimeMs } = written;
    const clean = resyncing.has(boundTo) ? written.clean : true;
    return { ...member, superblock: { ...superblock, slots, slotHolders, events, updateTimeMs, clean } };
  });
}

/** The running array writes to it: it holds the slot that it says, or is a spare or journal. */
const isCountedOn = ({ superblock }: PresentMember, { slotHolders }: Superblock): boolean =>
  typeof superblock.role !== 'number' ||
  (slotHolders[superblock.role]?.includes(superblock.deviceNumber) ?? false);
