import type { ArrayPolicy } from '../../core/configuration/array-policies.ts';
import { parseMountedArrays } from '../../core/configuration/mounted-arrays.ts';
import { laterArrays } from '../../core/explain/later-arrays.ts';
import { nextBoot } from '../../core/explain/next-boot.ts';
import { type AfterRootFinding, judgeAfterRoot } from '../../core/inspect/after-root.ts';
import { unitOf } from '../../core/inspect/device-times.ts';
import { type Demand, demandSources, mountDemands } from '../../core/inspect/mount-demands.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { ok, type Result } from '../../core/result/result.ts';
import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import type { BlockGraph } from '../../core/topology/block-graph.ts';
import { buildBlockGraph } from '../../core/topology/build-block-graph.ts';
import { buildWatchlist } from '../../core/topology/build-watchlist.ts';
import { volumeGroupId } from '../../core/topology/dm-kind.ts';
import type { Need } from '../../core/topology/need.ts';
import { arraysAmong, reachFrom } from '../../core/topology/reach.ts';
import type { WatchedArray, Watchlist } from '../../core/watchlist/watchlist.ts';
import type { FactSources } from '../machine.ts';
import { mountedPath } from '../own-places.ts';
import { readArrayFacts } from '../watchlist/array-facts.ts';
import { askBlkid, askLvm } from '../watchlist/device-facts.ts';
import { type ResolvedBlock, readLinksOf } from '../watchlist/resolve.ts';

/** What is mounted after root, and what it stands on. */
export interface LaterMounts {
  readonly demands: readonly Demand[];
  /** Disks that a demand cannot do without, or that a member of its arrays is on; kernel names. */
  readonly disks: readonly string[];
  /** The blocks of the machine, LVM that only these mounts need included. */
  readonly graph: BlockGraph;
  /** How the machine settles once these disks are gone. */
  readonly without: (taken: readonly string[]) => SettledMachine;
}

export interface SettledMachine {
  readonly isThere: (need: Need) => boolean;
  readonly findings: readonly AfterRootFinding[];
}

/** What is known of the machine once the arrays of root are. */
export interface KnownMachine {
  readonly watchlist: Watchlist;
  readonly block: ResolvedBlock;
  readonly snapshot: Snapshot;
  readonly resyncing: ReadonlySet<string>;
  /** The kernel command line's word for all arrays; nothing where it has none. */
  readonly asked?: Partial<ArrayPolicy>;
}

/** What fstab and crypttab demand after root, and the blocks of the machine, LVM that only these demands need included. */
export async function readDemands(
  machine: FactSources,
  block: Pick<ResolvedBlock, 'devices' | 'graph' | 'facts'>,
): Promise<Pick<LaterMounts, 'demands' | 'graph'>> {
  const links = await readLinksOf(machine, demandSources(block.facts));
  let devices = block.devices;
  let graph = block.graph;
  let demands = mountDemands(block.facts, graph, links);
  const again = (): void => {
    graph = buildBlockGraph(devices);
    demands = mountDemands(block.facts, graph, links);
  };
  // What cannot be asked is what it was: a demand that is lost says so itself.
  if (demands.some(({ lost }) => lost !== null)) {
    devices = await askBlkid(machine, devices, []);
    again();
  }
  if (devices.physicalVolumes.length === 0 && standsOnLvm(demands, graph)) {
    devices = await askLvm(machine, devices, []);
    again();
  }
  return { demands, graph };
}

/** Reads what fstab and crypttab demand after root, down to the disks. */
export async function readLaterMounts(machine: FactSources, known: KnownMachine): Promise<LaterMounts> {
  const { block, watchlist, snapshot, resyncing } = known;
  const { demands: plain, graph } = await readDemands(machine, block);
  const demands = withTimes(plain, await readTimes(machine));
  const reached = [...reachFrom(firstsOf(demands), graph).ids];
  const arrays = await readOthers(machine, arraysAmong(new Set(reached), graph), graph, known);
  const others = arrays.ok ? arrays.value : { uuids: new Map<string, MdUuid>(), arrays: [] };
  const arrayUuids = new Map([...block.arrayUuids, ...others.uuids]);
  const boot = nextBoot({
    watchlist: { ...watchlist, arrays: [...watchlist.arrays, ...others.arrays] },
    ...{ snapshot, graph, arrayUuids, resyncing, roots: [], assemblesUnlisted: true },
  });
  const followed = demands.map((demand) => losing(demand, arrayUuids, arrays));
  const settled = laterArrays(boot, arrayUuids);
  const isOther = new Set(others.arrays.map(({ uuid }) => uuid));
  return {
    demands: followed,
    graph,
    disks: reached.filter((id) => graph.get(id)?.standsOn.length === 0),
    without: (taken) => {
      const { isThere, degraded, stopped } = settled(taken);
      const found = [
        ...degraded.map((one) => ({ ...one, code: 'degraded' as const })),
        ...stopped.map(({ isHeldBack, ...one }) => ({
          ...one,
          code: isHeldBack ? ('held-back' as const) : ('not-started' as const),
        })),
      ].filter(({ array }) => isOther.has(array.uuid));
      const ofArrays = found.map((one) => ({ stage: 'after-root' as const, grade: 'note' as const, ...one }));
      return { isThere, findings: [...ofArrays, ...judgeAfterRoot(followed, isThere)] };
    },
  };
}

/** What systemd has been told of devices whose arrays may take longer than it would wait, by unit (systemd/reliable-raid-generator). */
async function readTimes({ files, paths }: FactSources): Promise<ReadonlyMap<string, number>> {
  const { devices } = parseMountedArrays((await files.readText(mountedPath(paths))) ?? '');
  return new Map(devices.map(({ unit, seconds }) => [unit, seconds * 1000]));
}

const withTimes = (demands: readonly Demand[], times: ReadonlyMap<string, number>): readonly Demand[] =>
  demands.map((demand) => {
    const toldMs = times.get(unitOf(demand) ?? '');
    return demand.isWaitSet || toldMs === undefined ? demand : { ...demand, waitMs: toldMs };
  });

const firstsOf = (demands: readonly Demand[]): readonly string[] =>
  demands.flatMap(({ ways }) => (ways ?? []).flatMap(({ disks, arrays }) => [...disks, ...arrays]));

const standsOnLvm = (demands: readonly Demand[], graph: BlockGraph): boolean =>
  demands.some(({ ways }) => ways !== null) &&
  [...graph.values()].some(({ dmUuid }) => volumeGroupId(dmUuid ?? '') !== null);

interface OtherArrays {
  readonly uuids: ReadonlyMap<string, MdUuid>;
  readonly arrays: readonly WatchedArray[];
}

/** The arrays that root does not need. */
async function readOthers(
  machine: FactSources,
  reached: readonly string[],
  graph: BlockGraph,
  { watchlist, block, asked = {} }: KnownMachine,
): Promise<Result<OtherArrays>> {
  const unlisted = reached.filter((device) => !block.arrayUuids.has(device));
  if (unlisted.length === 0) return ok({ uuids: new Map(), arrays: [] });
  const facts = await readArrayFacts(machine, reached, graph, []);
  if (!facts.ok) return facts;
  const built = buildWatchlist({
    ...{ hostName: watchlist.hostName, settings: watchlist.settings, graph, arrays: facts.value },
    roots: [{ name: 'later', ids: unlisted, source: '', lost: [] }],
    ...{ byIdNames: block.byIdNames, warnings: [] },
    policyOf: ({ uuid }) => ({ ...block.policyOf(uuid), ...asked }),
  });
  if (!built.ok) return built;
  const listed = new Set(watchlist.arrays.map(({ uuid }) => uuid));
  return ok({
    uuids: new Map([...facts.value].map(([device, { detail }]) => [device, detail.uuid] as const)),
    arrays: built.value.arrays.filter(({ uuid }) => !listed.has(uuid)),
  });
}

/** Of an array that nothing is known of, nothing is promised. */
function losing(demand: Demand, arrayUuids: ReadonlyMap<string, MdUuid>, arrays: Result<unknown>): Demand {
  const isUnknown = demand.ways?.some((way) => [...way.arrays].some((device) => !arrayUuids.has(device)));
  if (isUnknown !== true) return demand;
  return {
    ...demand,
    ways: null,
    lost: arrays.ok ? 'its array is not known' : `${arrays.at}: ${arrays.why}`,
  };
}
