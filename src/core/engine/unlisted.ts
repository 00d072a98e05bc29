import { DEFAULT_POLICIES, policyOfArray } from '../configuration/array-policies.ts';
import { parseGatePolicies } from '../configuration/gate-policies.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import { presentMemberKeys } from '../snapshot/member-set.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { compareFreshness, slotMembers } from '../verdict/freshness.ts';
import { judgeArray } from '../verdict/judge-array.ts';
import type { DependencyNode, WatchedArray, Watchlist } from '../watchlist/watchlist.ts';
import { isDue } from './deadlines.ts';
import { record, sayAlone } from './effects.ts';
import type { UnlistedCause } from './messages.ts';
import {
  hostOf,
  isBegun,
  isOfAnotherMachine,
  nodeOf,
  type OtherArrays,
  otherArrays,
  shortName,
} from './other-arrays.ts';
import {
  arraysInScope,
  type EngineState,
  forEach,
  isBlind,
  progressOf,
  type Step,
  unchanged,
  withProgress,
} from './state.ts';
import type { Waiting } from './waiting.ts';

/** As `wait` where nothing is configured (reliable-raid-config(5)). */
const DEFAULT_WAIT_MS = 20_000;

/**
 * S15: the list can be older than the machine. Where all that is listed runs, is gone for good or has too few members for good (one may
 * be on an array that did not run when the list was made), and what the boot waits for is still not there, arrays of this machine that
 * are not listed are looked after like the listed ones: with the same wait, by the same verdicts.
 */
export function adoptUnlisted(state: EngineState, nowMs: number): Step {
  if (state.options.others !== undefined) return adoptOthers(state, state.options.others, nowMs);
  if (!isListNotEnough(state, nowMs)) return unchanged(state);
  // Assembled in part by udev, or kept from it by the gate.
  const others = unlistedInSight(state).filter(({ uuid }) => isBegun(uuid, state.snapshot));
  if (others.length === 0) return unchanged(state);
  const uuids = others.map(({ uuid }) => uuid);
  return {
    state: {
      ...state,
      watchlist: { ...state.watchlist, arrays: [...state.watchlist.arrays, ...others] },
      adopted: new Set([...state.adopted, ...uuids]),
    },
    effects: [
      record({ atMs: nowMs, kind: 'unlisted', arrays: uuids }),
      ...sayAlone({ kind: 'unlisted', arrays: others, because: causeOf(state) }),
    ],
  };
}

function causeOf(state: EngineState): UnlistedCause {
  if (isBlind(state)) return 'not-followed';
  return listedDown(state).some((array) => judgeArray(array, state.snapshot).kind === 'insufficient')
    ? 'too-few'
    : 'outdated';
}

/**
 * The list is not enough, and what is not listed is out of sight: the image has to show it, and the engine looks again. A listed array
 * that has too few members goes on being waited for where nothing else is there.
 */
export const mustShowUnlisted = (state: EngineState, nowMs: number): boolean =>
  state.options.hidesUnlisted &&
  state.adopted.size === 0 &&
  isListNotEnough(state, nowMs) &&
  (causeOf(state) !== 'too-few' || unlistedInSight(state).length > 0);

/** After the boot image. What was in sight at the first look has waited since devices were discovered, what comes later has not. */
function adoptOthers(state: EngineState, others: OtherArrays, nowMs: number): Step {
  const { adopted, watchlist, options } = state;
  const found = otherArrays(state.snapshot, others).filter(({ uuid }) => !adopted.has(uuid));
  if (found.length === 0) return unchanged(state);
  const uuids = found.map(({ uuid }) => uuid);
  // Where the first look finds nothing to decide, it is the last one.
  const waitBeganAtMs = adopted.size === 0 ? options.discoveryAtMs : nowMs;
  const begun: EngineState = {
    ...state,
    watchlist: { ...watchlist, arrays: [...watchlist.arrays, ...found] },
    adopted: new Set([...adopted, ...uuids]),
  };
  return forEach(begun, found, (next, array) => ({
    state: withProgress(next, array.uuid, {
      waitBeganAtMs,
      seen: presentMemberKeys(next.snapshot, array.uuid),
    }),
    effects: array === found[0] ? [record({ atMs: nowMs, kind: 'unlisted', arrays: uuids })] : [],
  }));
}

/**
 * Before a passphrase the scripts that bring up volumes had no turn: there a listed array must be gone or have too few members, or something
 * unlisted be needed.
 */
function isListNotEnough(state: EngineState, nowMs: number): boolean {
  const { scope } = state.options;
  if (!isBlind(state) && state.snapshot.awaitedIsThere !== false) return false;
  const down = listedDown(state);
  const cannotStart = down.every((array) => {
    const { kind } = judgeArray(array, state.snapshot);
    const isOver = isDue(array, progressOf(state, array.uuid), state.options, nowMs);
    return (kind === 'absent' || kind === 'insufficient') && isOver;
  });
  return cannotStart && (scope === 'all' || isBlind(state) || down.length > 0);
}

const listedDown = (state: EngineState): readonly WatchedArray[] =>
  arraysInScope(state).filter(
    ({ uuid }) => !state.adopted.has(uuid) && progressOf(state, uuid).phase.kind !== 'up',
  );

/**
 * Arrays outside the list with a member in sight, as far as their superblocks tell what they are. Those of another machine only where the
 * configuration lets them start: else they are left to the distribution's own way.
 */
function unlistedInSight({ watchlist, snapshot }: EngineState): readonly WatchedArray[] {
  const listed = new Set(watchlist.arrays.map(({ uuid }) => uuid));
  const waits = watchlist.arrays.map(({ waitMs }) => waitMs);
  const waitMs = waits.length === 0 ? DEFAULT_WAIT_MS : Math.max(...waits);
  const policies = new Set(watchlist.arrays.map(({ degraded }) => degraded));
  const [policy = 'start'] = policies.size === 1 ? policies : [];
  const said = watchlist.policies === undefined ? null : parseGatePolicies(watchlist.policies);
  const present = new Set(snapshot.members.map(({ superblock }) => superblock.arrayUuid));
  return [...present].flatMap((uuid) => {
    if (listed.has(uuid)) return [];
    const shape = shapeOf(uuid, snapshot);
    if (shape === null) return [];
    const isForeign = isForeignHere(uuid, watchlist, snapshot);
    const named = { device: '', uuid, name: shape.name, devName: null };
    const preset = isForeign ? DEFAULT_POLICIES.foreign : policy;
    const degraded = said === null ? preset : policyOfArray(said, named, isForeign).degraded;
    if (isForeign && degraded === 'never') return [];
    return {
      ...shape,
      ...{ container: null, layer: 0, neededBy: [], standsOn: [], behindPassphrase: false, members: [] },
      ...{ waitMs, degraded },
    };
  });
}

/** In the image nothing but the list knows arrays of this machine: only a host's name speaks against one, and hosts of listed arrays are own. */
function isForeignHere(uuid: MdUuid, { hostName, arrays }: Watchlist, { members }: Snapshot): boolean {
  if (hostName === '') return false;
  const listed = new Set(arrays.map((array) => array.uuid));
  const hosts = members.flatMap(({ superblock }) =>
    listed.has(superblock.arrayUuid) ? [hostOf(superblock.name)] : [],
  );
  const hostNames = [hostName, ...hosts.filter((host) => host !== null)];
  const own = members.filter(({ superblock }) => superblock.arrayUuid === uuid);
  return own.every(
    ({ superblock: { name } }) =>
      hostOf(name) !== null && isOfAnotherMachine(uuid, name, own, { hostNames, recorded: listed }),
  );
}

function shapeOf(
  uuid: MdUuid,
  { arrays, members }: Snapshot,
): Pick<
  WatchedArray,
  'uuid' | 'name' | 'devicePath' | 'level' | 'layout' | 'raidDevices' | 'metadata'
> | null {
  const own = members.filter(({ superblock }) => superblock.arrayUuid === uuid);
  const superblock = compareFreshness(slotMembers(own))?.freshest.superblock;
  if (superblock === undefined) return null;
  const { name, level, layout, raidDevices, metadata } = superblock;
  const device = arrays.find((array) => array.uuid === uuid && !array.external)?.device ?? '';
  return {
    ...{ uuid, level, layout, raidDevices, metadata, devicePath: nodeOf(uuid, device, name) },
    name: shortName(name) || device || uuid,
  };
}

/**
 * A listed array that is gone while what the boot waits for is there without it: root moved. Not so where several devices make one
 * file system, which shows with the first of them.
 */
export function isNotNeeded({ array, verdict }: Waiting, state: EngineState): boolean {
  if (isBlind(state) || state.snapshot.awaitedIsThere !== true) return false;
  if (state.adopted.has(array.uuid)) return true;
  // Keys and headers are not what is awaited, but what it takes to open it.
  const isRoots = array.neededBy.every(
    (by) => by === '/' || by === 'resume' || /^crypttab .*(?<! key| header)$/.test(by),
  );
  return verdict.kind === 'absent' && isRoots && !hasKind(state.watchlist.tree, 'btrfs');
}

const hasKind = (nodes: readonly DependencyNode[], kind: string): boolean =>
  nodes.some((node) => node.kind === kind || hasKind(node.children, kind));
