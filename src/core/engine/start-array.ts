import type { StartFailure } from '../report/timeline.ts';
import { memberSet } from '../snapshot/member-set.ts';
import { isRunning, type PresentArray, type PresentMember, type Snapshot } from '../snapshot/snapshot.ts';
import type { Answer } from '../verdict/answer.ts';
import { membersToStart } from '../verdict/members-to-start.ts';
import { isExternal, type WatchedArray } from '../watchlist/watchlist.ts';
import { type CommandEffect, type Effect, record } from './effects.ts';
import type { EngineEvent } from './events.ts';
import { type EngineState, progressOf, type Step, unchanged, withProgress } from './state.ts';

/** How far a start has come: what is in the way was stopped, what udev left alone was bound. */
export type StartStage = 'begin' | 'cleared' | 'bound';

/**
 * The next command of a start (S7): stop an inactive md device that holds members of another copy or a dead one, bind the
 * members that it does not hold, then run it. Null when no md device holds a member and there is none to bind,
 * and for every volume of a container: those are left to mdadm and mdmon.
 */
export function nextStartCommand(
  snapshot: Snapshot,
  array: WatchedArray,
  answer: Answer | null,
  stage: StartStage,
): CommandEffect | null {
  if (isExternal(array)) return null;
  const { bind, mustLeave } = membersToStart(array, snapshot, answer);
  const holder = holderOf(bind) ?? assembledDevice(snapshot, array)?.device;
  if (stage === 'begin') {
    const inTheWay = snapshot.arrays.find(
      (present) =>
        present.uuid === array.uuid &&
        !present.external &&
        !isRunning(present) &&
        // md would count a disk that is gone, and refuses it when it is back.
        (present.deadMembers.length > 0 ||
          mustLeave.some(({ boundTo }) => boundTo === present.device) ||
          (present.device !== holder && bind.some(({ boundTo }) => boundTo === present.device))),
    );
    if (inTheWay !== undefined) return { kind: 'stop-array', uuid: array.uuid, device: inTheWay.device };
  }
  const unbound = bind.filter(({ boundTo }) => boundTo === null).map(({ device }) => device);
  if (unbound.length > 0 && stage !== 'bound')
    return { kind: 'assemble', uuid: array.uuid, devicePath: array.devicePath, devices: unbound };
  const dirty = answer?.accepts.has('dirty-degraded') ?? false;
  return holder === undefined ? null : { kind: 'run-array', uuid: array.uuid, device: holder, dirty };
}

/** The md device that most of them are bound to. */
function holderOf(members: readonly PresentMember[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { boundTo } of members)
    if (boundTo !== null) counts.set(boundTo, (counts.get(boundTo) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}

/** The md device that holds this array's members, running or not. */
export function assembledDevice(snapshot: Snapshot, array: WatchedArray): PresentArray | undefined {
  return snapshot.arrays.find((present) => present.uuid === array.uuid && !present.external);
}

/** What a finished command means for the start it belongs to; the snapshot has been taken in already. */
export function concludeCommand(state: EngineState, event: EngineEvent & { kind: 'command-finished' }): Step {
  const { command } = event;
  if (command.kind === 'settle') return unchanged({ ...state, unsettled: false });
  const array = state.watchlist.arrays.find((watched) => watched.uuid === command.uuid);
  if (array === undefined || progressOf(state, command.uuid).phase.kind !== 'starting') {
    // Up already (whatever the command said), or stopped after a failure.
    return unchanged({ ...state, unsettled: true });
  }
  const { answer } = progressOf(state, command.uuid);
  const fails = (reason: StartFailure['reason'], device: string | null): Step =>
    failed(state, array, event.atMs, reason, device, event.detail);
  const goOn = (stage: StartStage, otherwise: StartFailure['reason']): Step => {
    const next = nextStartCommand(state.snapshot, array, answer, stage);
    return next === null ? fails(otherwise, null) : { state: { ...state, inFlight: next }, effects: [next] };
  };
  switch (command.kind) {
    case 'stop-array':
      return event.ok ? goOn('cleared', 'no-member-left') : fails('not-stopped', command.device);
    case 'assemble':
      return goOn('bound', 'not-bound');
    case 'run-array': {
      const present = state.snapshot.arrays.find(({ device }) => device === command.device);
      if (event.ok && present !== undefined && !isRunning(present)) {
        const write: CommandEffect = { ...command, kind: 'write-read-auto' };
        return { state: { ...state, inFlight: write }, effects: [write] };
      }
      return fails('not-run', command.device);
    }
    case 'write-read-auto':
      return fails('not-read-auto', command.device);
  }
}

/** A start that failed half way leaves an array that refuses later members, so it is stopped. */
function failed(
  state: EngineState,
  array: WatchedArray,
  atMs: number,
  reason: StartFailure['reason'],
  device: string | null,
  detail: string,
): Step {
  const { attempts } = progressOf(state, array.uuid);
  const failure: StartFailure = { reason, device, detail, attempts };
  const effects: Effect[] = [record({ atMs, kind: 'start-failed', array: array.uuid, ...failure })];
  let next = withProgress(state, array.uuid, {
    phase: {
      kind: 'failed',
      withMembers: memberSet(state.snapshot, array.uuid),
      failure,
    },
    startNow: false,
  });
  const present = assembledDevice(state.snapshot, array);
  if (present !== undefined && !isRunning(present)) {
    const stop: CommandEffect = { kind: 'stop-array', uuid: array.uuid, device: present.device };
    next = { ...next, inFlight: stop };
    effects.push(stop);
  }
  return { state: next, effects };
}
