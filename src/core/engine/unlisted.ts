import { policyOfArray } from '../configuration/array-policies.ts';
import { parseGatePolicies } from '../configuration/gate-policies.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import { presentMemberKeys } from '../snapshot/member-set.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { compareFreshness, slotMembers } from '../verdict/freshness.ts';
import { judgeArray } from '../verdict/judge-array.ts';
import type { DependencyNode, WatchedArray } from '../watchlist/watchlist.ts';
import { isDue } from './deadlines.ts';
import { record, sayAlone } from './effects.ts';
import { isBegun, nodeOf, type OtherArrays, otherArrays, shortName } from './other-arrays.ts';
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
 * S15: the list can be older than the machine. Where all that is listed runs or is gone for good, and what the boot waits for is
 * still not there, arrays that are not listed are looked after like the listed ones: with the same wait, by the same verdicts.
 */
export function adoptUnlisted(state: EngineState, nowMs: number): Step {
  if (state.options.others !== undefined) return adoptOthers(state, state.options.others, nowMs);
  if (!isListNotEnough(state, nowMs)) return unchanged(state);
  const others = unlistedArrays(state);
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
      ...sayAlone({ kind: 'unlisted', arrays: others, isOutdated: !isBlind(state) }),
    ],
  };
}

/** The list is not enough, and what is not listed is out of sight: the image has to show it, and the engine looks again. */
export const mustShowUnlisted = (state: EngineState, nowMs: number): boolean =>
  state.options.hidesUnlisted && state.adopted.size === 0 && isListNotEnough(state, nowMs);

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

/** Before a passphrase the scripts that bring up volumes had no turn: there a listed array must be gone, or something unlisted be needed. */
function isListNotEnough(state: EngineState, nowMs: number): boolean {
  const { scope } = state.options;
  if (!isBlind(state) && state.snapshot.awaitedIsThere !== false) return false;
  const down = arraysInScope(state).filter(
    ({ uuid }) => !state.adopted.has(uuid) && progressOf(state, uuid).phase.kind !== 'up',
  );
  const areGone = down.every(
    (array) =>
      judgeArray(array, state.snapshot).kind === 'absent' &&
      isDue(array, progressOf(state, array.uuid), state.options, nowMs),
  );
  return areGone && (scope === 'all' || isBlind(state) || down.length > 0);
}

/** Arrays that udev has assembled in part, or that the gate keeps from it, as far as their superblocks tell what they are. */
function unlistedArrays({ watchlist, snapshot }: EngineState): readonly WatchedArray[] {
  const listed = new Set(watchlist.arrays.map(({ uuid }) => uuid));
  const waits = watchlist.arrays.map(({ waitMs }) => waitMs);
  const waitMs = waits.length === 0 ? DEFAULT_WAIT_MS : Math.max(...waits);
  const policies = new Set(watchlist.arrays.map(({ degraded }) => degraded));
  const [policy = 'start'] = policies.size === 1 ? policies : [];
  const said = watchlist.policies === undefined ? null : parseGatePolicies(watchlist.policies);
  const present = new Set(snapshot.members.map(({ superblock }) => superblock.arrayUuid));
  return [...present].flatMap((uuid) => {
    if (listed.has(uuid) || !isBegun(uuid, snapshot)) return [];
    const shape = shapeOf(uuid, snapshot);
    if (shape === null) return [];
    const named = { device: '', uuid, name: shape.name, devName: null };
    return {
      ...shape,
      ...{ container: null, layer: 0, neededBy: [], standsOn: [], behindPassphrase: false, members: [] },
      waitMs,
      degraded: said === null ? policy : policyOfArray(said, named, false).degraded,
    };
  });
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
