import { memberSet, presentMemberKeys } from '../snapshot/member-set.ts';
import { isRunning, type Snapshot } from '../snapshot/snapshot.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import { type Effect, record, sayAlone } from './effects.ts';
import type { CameMember } from './messages.ts';
import {
  type ArrayProgress,
  arraysInScope,
  type EngineState,
  forEach,
  progressOf,
  type Step,
  withProgress,
} from './state.ts';

/** Takes in the present devices: arrivals move deadlines, running arrays are done, a changed set of members is another try. */
export function seeSnapshot(state: EngineState, snapshot: Snapshot, atMs: number): Step {
  return forEach({ ...state, snapshot, looked: true }, arraysInScope(state), (next, array) =>
    seeArray(next, array, atMs),
  );
}

function seeArray(state: EngineState, array: WatchedArray, atMs: number): Step {
  const before = progressOf(state, array.uuid);
  const now = presentMemberKeys(state.snapshot, array.uuid);
  const arrived = before.seen === null ? [] : [...now].filter((member) => !before.seen?.has(member));
  const devices = arrived.map((member) => member.split('/')[0] ?? member);
  const came = new Set([...before.came, ...devices]);
  const effects = devices.map((device) =>
    record({ atMs, kind: 'member-arrived', array: array.uuid, device }),
  );
  const next = withProgress(state, array.uuid, {
    seen: before.seen === null ? now : new Set([...before.seen, ...now]),
    ...(arrived.length > 0 ? { came } : {}),
    ...(devices.some((device) => !isOnArray(device, state.snapshot)) ? { lastArrivalAtMs: atMs } : {}),
  });

  const running = state.snapshot.arrays.find((present) => present.uuid === array.uuid && isRunning(present));
  if (running !== undefined && before.phase.kind !== 'up') {
    const missing = running.degraded ?? 0;
    const byUs = before.phase.kind === 'starting';
    const said: readonly Effect[] =
      !byUs && before.noticed
        ? sayAlone({ kind: 'up', array, missing, came: cameMembers(array, state.snapshot, came) })
        : [];
    const runs = record({
      atMs,
      kind: byUs ? 'array-started' : missing === 0 ? 'array-complete' : 'array-degraded',
      array: array.uuid,
      degraded: missing > 0 || (byUs && before.phase.degraded),
      device: running.device,
      state: running.state,
      missingCount: missing,
    });
    return {
      state: withProgress(next, array.uuid, { phase: { kind: 'up' }, startNow: false }),
      effects: [...effects, ...said, runs],
    };
  }
  return { state: withProgress(next, array.uuid, whatIsOver(state, array, running !== undefined)), effects };
}

/** A member that an array below brings comes alone: it says nothing of disks that a driver is still finding. */
const isOnArray = (device: string, { arrays }: Snapshot): boolean =>
  arrays.some((below) => device === below.device || device.startsWith(`${below.device}p`));

/** Those that are still there, as a person knows them. */
function cameMembers(
  array: WatchedArray,
  { members, external = [] }: Snapshot,
  came: ReadonlySet<string>,
): readonly CameMember[] {
  const own = members.flatMap(({ device, superblock }) => {
    if (superblock.arrayUuid !== array.uuid || !came.has(device)) return [];
    const known = array.members.find(({ deviceUuid }) => deviceUuid === superblock.deviceUuid);
    return [{ device, role: superblock.role, disk: known?.disk ?? null }];
  });
  const ofVolume = external.flatMap(({ device, examined }) => {
    const volume = examined?.volumes.find(({ uuid }) => uuid === array.uuid);
    if (volume === undefined || !came.has(device)) return [];
    const known = array.members.find(({ role }) => role === volume.ownSlot);
    return [{ device, role: volume.ownSlot, disk: known?.disk ?? null }];
  });
  return [...own, ...ofVolume];
}

/** What no longer holds of an array now that it, or the set of its members, has changed. */
function whatIsOver(state: EngineState, array: WatchedArray, runs: boolean): Partial<ArrayProgress> {
  const { phase, answer } = progressOf(state, array.uuid);
  // After the boot image, a person may have stopped it.
  if (phase.kind === 'up' && !runs)
    return state.options.others === undefined ? { phase: { kind: 'waiting' } } : {};
  const isOther = (members: string): boolean => members !== memberSet(state.snapshot, array.uuid);
  // It was given for other members than are present now.
  const isVoid = answer !== null && phase.kind !== 'starting' && isOther(answer.whenPresent);
  const isAnotherTry = phase.kind === 'failed' && isOther(phase.withMembers);
  return {
    ...(isVoid ? { answer: null } : {}),
    ...(isAnotherTry ? { phase: { kind: 'waiting' }, saidNotStartable: null } : {}),
  };
}
