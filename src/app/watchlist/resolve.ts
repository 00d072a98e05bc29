import type { Configuration } from '../../core/configuration/options.ts';
import { optionsOfArray } from '../../core/configuration/read-configuration.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import type { BlockGraph } from '../../core/topology/block-graph.ts';
import { type BootMount, bootMounts, type RootFacts } from '../../core/topology/boot-mounts.ts';
import { buildBlockGraph, type DeviceFacts } from '../../core/topology/build-block-graph.ts';
import { buildWatchlist } from '../../core/topology/build-watchlist.ts';
import { type CrypttabNeeds, crypttabNeeds } from '../../core/topology/crypttab-needs.ts';
import type { ByIdNames } from '../../core/topology/disk-identity.ts';
import { volumeGroupId } from '../../core/topology/dm-kind.ts';
import { type FoundRoots, findRoots, type TreeRoot } from '../../core/topology/find-roots.ts';
import type { Links } from '../../core/topology/find-source.ts';
import { arraysAmong, reachFrom } from '../../core/topology/reach.ts';
import { warningsOfReach } from '../../core/topology/reach-warnings.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { formatWatchlist, parseWatchlist } from '../../core/watchlist/watchlist-file.ts';
import { loadConfiguration } from '../load-configuration.ts';
import type { FactSources } from '../machine.ts';
import { etcFolder } from '../own-places.ts';
import { readArrayFacts } from './array-facts.ts';
import { readByIdNames } from './by-id-names.ts';
import { askBlkid, askLvm, readDeviceFacts } from './device-facts.ts';
import { type RootRequest, readRootFacts } from './root-facts.ts';

export type ResolveRequest = RootRequest;

export interface Resolution {
  readonly configuration: Configuration;
  /** The watchlist, or why the arrays of `/` cannot be told. */
  readonly watchlist: Result<Watchlist>;
  /** What the watchlist was made of; null when there is none. */
  readonly block: ResolvedBlock | null;
  /** Something is needed before root that could not be followed: the list may not be enough. */
  readonly needsUnlisted: boolean;
  /** Everything to be said, also when there is no watchlist; already safe for a console. */
  readonly warnings: readonly string[];
}

/** The block devices of this machine as they were met, by kernel name. */
export interface ResolvedBlock {
  readonly graph: BlockGraph;
  /** Where each boot mount begins. */
  readonly roots: readonly TreeRoot[];
  /** The arrays that the mounts reach. */
  readonly arrayUuids: ReadonlyMap<string, MdUuid>;
  readonly byIdNames: ByIdNames;
}

interface Found {
  readonly watchlist: Watchlist;
  readonly needsUnlisted: boolean;
  readonly block: ResolvedBlock;
}

/** Which arrays the mounts of the boot image stand on. Changes nothing. */
export async function resolve(machine: FactSources, request: ResolveRequest): Promise<Resolution> {
  const etc = request.root === '/' ? machine.paths.etc : `${request.root}/etc`;
  const { configuration, warnings: faults } = await loadConfiguration(machine.files, etcFolder({ etc }));
  const warnings = [...faults];
  const found = await findWatchlist(machine, request, configuration, warnings);
  if (!found.ok) return { configuration, watchlist: found, block: null, needsUnlisted: false, warnings };
  const { watchlist, block, needsUnlisted } = found.value;
  return { configuration, watchlist: ok(watchlist), block, needsUnlisted, warnings: watchlist.warnings };
}

async function findWatchlist(
  machine: FactSources,
  request: ResolveRequest,
  configuration: Configuration,
  warnings: string[],
): Promise<Result<Found>> {
  const root = await readRootFacts(machine, request, warnings);
  if (!root.ok) return root;
  const read = await readDeviceFacts(machine, warnings);
  if (!read.ok) return read;
  const { graph, found, needs } = await findAll(machine, root.value.facts, read.value, warnings);
  warnings.push(...found.warnings);
  if (found.rootFault !== null) return failure('/', found.rootFault.replace(/^\/: /, ''));
  const reach = reachFrom(
    found.roots.flatMap(({ ids }) => ids),
    graph,
  );
  warnings.push(...warningsOfReach(reach, graph));
  warnings.push(...needs.warnings);
  const needed = arraysAmong(reach.ids, graph);
  const [arrays, byIdNames] = await Promise.all([
    readArrayFacts(machine, needed, graph, warnings),
    needed.length === 0 ? new Map<string, readonly string[]>() : readByIdNames(machine),
  ]);
  if (!arrays.ok) return arrays;
  const built = buildWatchlist({
    hostName: root.value.hostName,
    settings: settingsOf(configuration),
    roots: found.roots,
    graph,
    arrays: arrays.value,
    byIdNames,
    warnings,
    policyOf: (array) => {
      const { wait, degraded } = optionsOfArray(configuration, array);
      return { waitMs: wait * 1000, degraded };
    },
  });
  const checkedList = built.ok ? checked(built.value) : built;
  if (!checkedList.ok) return checkedList;
  const arrayUuids = new Map([...arrays.value].map(([device, { detail }]) => [device, detail.uuid] as const));
  const needsUnlisted = needs.isUnfollowed;
  return ok({
    watchlist: checkedList.value,
    needsUnlisted,
    block: { graph, roots: found.roots, arrayUuids, byIdNames },
  });
}

/** What cannot be read back must not be written: the boot would refuse it. */
function checked(watchlist: Watchlist): Result<Watchlist> {
  const again = parseWatchlist(formatWatchlist(watchlist), 'the watchlist of this machine');
  return again.ok ? ok(watchlist) : again;
}

const settingsOf = ({ options }: Configuration): Watchlist['settings'] => ({
  noticeAfterMs: options.notice_after * 1000,
  maxWaitMs: options.max_wait * 1000,
  shell: options.shell,
  stale: options.stale,
});

/** Keys can be behind keys; a circle of them opens nothing. */
const MAX_KEY_DEPTH = 8;

/** The mounts, and the devices whose keys and headers they need. */
async function findAll(
  machine: FactSources,
  facts: RootFacts,
  devices: DeviceFacts,
  warnings: string[],
): Promise<{ graph: BlockGraph; found: FoundRoots; needs: CrypttabNeeds }> {
  const mounts = bootMounts(facts);
  let keys: readonly BootMount[] = [];
  for (let depth = 0; ; depth++) {
    const { graph, found } = await findMounts(machine, [...mounts, ...keys], devices, warnings);
    const reach = reachFrom(
      found.roots.flatMap(({ ids }) => ids),
      graph,
    );
    const needs = crypttabNeeds(facts.crypttab, reach.ids, graph, facts.fstab);
    if (needs.mounts.length === keys.length || depth === MAX_KEY_DEPTH) return { graph, found, needs };
    keys = needs.mounts;
  }
}

/** Meets the mounts with the block devices; blkid and LVM are asked only where they are needed. */
async function findMounts(
  machine: FactSources,
  mounts: readonly BootMount[],
  facts: DeviceFacts,
  warnings: string[],
): Promise<{ graph: BlockGraph; found: FoundRoots }> {
  const links = await readLinks(machine, mounts);
  const find = (known: DeviceFacts) => {
    const graph = buildBlockGraph(known);
    return { known, graph, found: findRoots(mounts, graph, links) };
  };
  let state = find(facts);
  if (state.found.roots.some(({ lost }) => lost.length > 0) && hasTags(mounts))
    state = find(await askBlkid(machine, state.known, warnings));
  if (standsOnLvm(state.found, state.graph)) state = find(await askLvm(machine, state.known, warnings));
  return state;
}

const hasTags = (mounts: readonly BootMount[]): boolean =>
  mounts.some(({ sources }) => sources.some(({ spec }) => spec.kind === 'tag'));

function standsOnLvm({ roots }: FoundRoots, graph: BlockGraph): boolean {
  const volumes = [...graph.values()].filter(({ device }) => device?.fsType === 'LVM2_member');
  const { ids } = reachFrom(
    roots.flatMap((root) => root.ids),
    graph,
  );
  return volumes.length > 1 && [...ids].some((id) => volumeGroupId(graph.get(id)?.dmUuid ?? '') !== null);
}

async function readLinks({ files, paths }: FactSources, mounts: readonly BootMount[]): Promise<Links> {
  const links = new Map<string, string | null>();
  for (const { sources } of mounts)
    for (const { spec } of sources) {
      if (spec.kind !== 'path' || links.has(spec.path)) continue;
      const real = await files.realPath(`${paths.dev}${spec.path.slice('/dev'.length)}`);
      links.set(spec.path, real?.startsWith(`${paths.dev}/`) ? `/dev${real.slice(paths.dev.length)}` : null);
    }
  return links;
}
