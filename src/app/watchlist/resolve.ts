import type { ArrayPolicy } from '../../core/configuration/array-policies.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import {
  type AbsentMembers,
  absentMembers,
  emptySlots,
  withAbsentMembers,
} from '../../core/topology/absent-members.ts';
import type { ArrayFacts } from '../../core/topology/array-facts.ts';
import type { BlockGraph } from '../../core/topology/block-graph.ts';
import { type BootMount, bootMounts, type RootFacts } from '../../core/topology/boot-mounts.ts';
import { buildBlockGraph, type DeviceFacts } from '../../core/topology/build-block-graph.ts';
import { buildWatchlist } from '../../core/topology/build-watchlist.ts';
import { type CrypttabNeeds, crypttabNeeds } from '../../core/topology/crypttab-needs.ts';
import type { ByIdNames } from '../../core/topology/disk-identity.ts';
import { volumeGroupId } from '../../core/topology/dm-kind.ts';
import { type FoundRoots, findRoots, type TreeRoot } from '../../core/topology/find-roots.ts';
import type { Links } from '../../core/topology/find-source.ts';
import { arraysAmong, type Reach, reachFrom } from '../../core/topology/reach.ts';
import { warningsOfReach } from '../../core/topology/reach-warnings.ts';
import type { SourceSpec } from '../../core/topology/source-spec.ts';
import { withoutVainSwap } from '../../core/topology/vain-swap.ts';
import { volumeGroupFault } from '../../core/topology/volume-group-fault.ts';
import { unlocksOf } from '../../core/watchlist/unlocks.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { formatWatchlist, parseWatchlist } from '../../core/watchlist/watchlist-file.ts';
import { type MatchedSection, matchSections, settingsOfArray } from '../configuration/array-sections.ts';
import { readKnownArrays, readSectionLinks } from '../configuration/known-arrays.ts';
import type { Configuration } from '../configuration/read-configuration.ts';
import { loadConfiguration } from '../load-configuration.ts';
import type { FactSources } from '../machine.ts';
import { etcFolder, keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { filesBelow } from '../read/files-below.ts';
import { readArrayFacts } from './array-facts.ts';
import { readByIdNames } from './by-id-names.ts';
import { askBlkid, askLvm, readDeviceFacts } from './device-facts.ts';
import { loadWatchlist } from './load-watchlist.ts';
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
  /** What those arrays are missing. */
  readonly absent: AbsentMembers;
  /** What the graph was made of. */
  readonly devices: DeviceFacts;
  /** fstab, crypttab and the rest of what that system says of itself. */
  readonly facts: RootFacts;
  /** What the configuration says of an array of this machine, needed by root or not. */
  readonly policyOf: (uuid: MdUuid) => ArrayPolicy;
}

interface Found {
  readonly watchlist: Watchlist;
  readonly needsUnlisted: boolean;
  readonly block: ResolvedBlock;
}

/** Which arrays the mounts of the boot image stand on. Changes nothing. */
export async function resolve(machine: FactSources, request: ResolveRequest): Promise<Resolution> {
  // A trailing `/.` or a link on the way: mounts are listed below the real folder.
  const root = request.root === '/' ? '/' : await machine.files.realPath(request.root);
  const files = root === null || root === '/' ? machine.files : filesBelow(machine.files, root);
  const etc = root === '/' ? machine.paths.etc : `${root ?? request.root}/etc`;
  const { configuration, warnings: faults } = await loadConfiguration(files, etcFolder({ etc }));
  const warnings = [...faults];
  const found =
    root === null
      ? failure(request.root, 'is not there')
      : await findWatchlist({ ...machine, files }, { ...request, root }, configuration, warnings);
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
  const ofDevices: string[] = [];
  const [root, read] = await Promise.all([
    readRootFacts(machine, request, warnings),
    readDeviceFacts(machine, ofDevices),
  ]);
  warnings.push(...ofDevices);
  if (!root.ok) return root;
  if (!read.ok) return read;
  const { known, graph, found, needs, lvmFault } = await findAll(
    machine,
    root.value.facts,
    read.value,
    warnings,
  );
  warnings.push(...found.warnings);
  if (found.rootFault !== null) return failure('/', found.rootFault.replace(/^\/: /, ''));
  if (lvmFault !== null) return failure('LVM', lvmFault);
  const reach = reachAll(found, graph);
  warnings.push(...warningsOfReach(reach, graph));
  warnings.push(...needs.warnings);
  const needed = arraysAmong(reach.ids, graph);
  const [arrays, byIdNames] = await Promise.all([
    readArrayFacts(machine, needed, graph, warnings),
    needed.length === 0 ? new Map<string, readonly string[]>() : readByIdNames(machine),
  ]);
  if (!arrays.ok) return arrays;
  const sections = await findSections(machine, configuration, arrays.value, warnings);
  const policyOf = (uuid: MdUuid): ArrayPolicy => {
    const { wait, degraded } = settingsOfArray(configuration, sections, uuid);
    return { waitMs: wait * 1000, degraded };
  };
  const built = buildWatchlist({
    hostName: root.value.hostName,
    settings: settingsOf(configuration),
    roots: found.roots,
    graph,
    arrays: arrays.value,
    byIdNames,
    warnings,
    policyOf: ({ uuid }) => policyOf(uuid),
  });
  if (!built.ok) return built;
  const absent = await findAbsent(machine, request, built.value);
  const tree = withAbsentMembers(built.value.tree, absent);
  const unlocks = unlocksOf(tree, root.value.facts.crypttab);
  const checkedList = checked({ ...built.value, tree, unlocks });
  if (!checkedList.ok) return checkedList;
  const arrayUuids = new Map([...arrays.value].map(([device, { detail }]) => [device, detail.uuid] as const));
  const block = {
    ...{ graph, roots: found.roots, arrayUuids, byIdNames, absent },
    ...{ devices: known, facts: root.value.facts, policyOf },
  };
  return ok({ watchlist: checkedList.value, needsUnlisted: needs.isUnfollowed, block });
}

/** The list that the last image got knows the disks that were there then; it is read only where one is missing now. */
async function findAbsent(
  { files, paths }: FactSources,
  { root }: ResolveRequest,
  watchlist: Watchlist,
): Promise<AbsentMembers> {
  if (watchlist.arrays.every((array) => emptySlots(array).length === 0)) return new Map();
  const varLib = root === '/' ? paths.varLib : `${root}/var/lib`;
  const kept = await loadWatchlist(files, keptWatchlistPath(ledgerPlaces({ varLib })));
  return absentMembers(watchlist, kept.ok ? kept.value : null);
}

/** Which arrays the sections of the configuration mean: what mdadm says of those that root needs counts more than what udev does. */
async function findSections(
  machine: FactSources,
  { arrays: sections }: Configuration,
  needed: ReadonlyMap<string, ArrayFacts>,
  warnings: string[],
): Promise<readonly MatchedSection[]> {
  if (sections.length === 0) return [];
  const byMdadm = [...needed.values()].map(({ device, detail }) => ({
    ...{ device, uuid: detail.uuid, name: detail.name, devName: detail.devName },
  }));
  const others = (await readKnownArrays(machine)).filter(({ device }) => !needed.has(device));
  const links = await readSectionLinks(machine, sections);
  const { matched, warnings: found } = matchSections(sections, [...byMdadm, ...others], links);
  warnings.push(...found);
  return matched;
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

interface FoundMounts {
  readonly known: DeviceFacts;
  readonly graph: BlockGraph;
  readonly found: FoundRoots;
  /** Why volume groups that are needed cannot be told whole. */
  readonly lvmFault: string | null;
}

/** Keys can be behind keys; a circle of them opens nothing. */
const MAX_KEY_DEPTH = 8;

/** The mounts, and the devices whose keys and headers they need. */
async function findAll(
  machine: FactSources,
  facts: RootFacts,
  devices: DeviceFacts,
  warnings: string[],
): Promise<FoundMounts & { readonly needs: CrypttabNeeds }> {
  const mounts = bootMounts(facts);
  let keys: readonly BootMount[] = [];
  for (let depth = 0; ; depth++) {
    const all = await findMounts(machine, facts, [...mounts, ...keys], devices, warnings);
    const needs = crypttabNeeds(facts, reachAll(all.found, all.graph).ids, all.graph);
    if (needs.mounts.length === keys.length || depth === MAX_KEY_DEPTH) return { ...all, needs };
    keys = needs.mounts;
  }
}

/** Meets the mounts with the block devices; blkid and LVM are asked only where they are needed. */
async function findMounts(
  machine: FactSources,
  root: RootFacts,
  mounts: readonly BootMount[],
  facts: DeviceFacts,
  warnings: string[],
): Promise<FoundMounts> {
  const links = await readLinks(machine, mounts);
  const find = (known: DeviceFacts) => {
    const graph = buildBlockGraph(known);
    return {
      known,
      graph,
      found: findRoots(withoutVainSwap(mounts, root.crypttab, graph, links), graph, links),
    };
  };
  let state = find(facts);
  if (state.found.roots.some(({ lost }) => lost.length > 0) && hasTags(mounts))
    state = find(await askBlkid(machine, state.known, warnings));
  if (!standsOnLvm(state.found, state.graph)) return { ...state, lvmFault: null };
  state = find(await askLvm(machine, state.known, warnings));
  const needed = reachAll(state.found, state.graph).ids;
  return { ...state, lvmFault: volumeGroupFault(needed, state.graph, state.known.physicalVolumes) };
}

const hasTags = (mounts: readonly BootMount[]): boolean =>
  mounts.some(({ sources }) => sources.some(({ spec }) => spec.kind === 'tag'));

/** Also with a single physical volume in sight: the others may lie on arrays that are stopped. */
const standsOnLvm = (found: FoundRoots, graph: BlockGraph): boolean =>
  [...reachAll(found, graph).ids].some((id) => volumeGroupId(graph.get(id)?.dmUuid ?? '') !== null);

const reachAll = ({ roots }: FoundRoots, graph: BlockGraph): Reach =>
  reachFrom(
    roots.flatMap(({ ids }) => ids),
    graph,
  );

const readLinks = (machine: FactSources, mounts: readonly BootMount[]): Promise<Links> =>
  readLinksOf(
    machine,
    mounts.flatMap(({ sources }) => sources.map(({ spec }) => spec)),
  );

/** Where the paths among these sources lead. */
export async function readLinksOf(
  { files, paths }: FactSources,
  sources: readonly SourceSpec[],
): Promise<Links> {
  const links = new Map<string, string | null>();
  for (const spec of sources) {
    if (spec.kind !== 'path' || links.has(spec.path)) continue;
    const path = `${paths.dev}${spec.path.slice('/dev'.length)}`;
    const [number, real] = await Promise.all([files.deviceNumber(path), files.realPath(path)]);
    const moved = real?.startsWith(`${paths.dev}/`) ? `/dev${real.slice(paths.dev.length)}` : null;
    links.set(spec.path, number ?? moved);
  }
  return links;
}
