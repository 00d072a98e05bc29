import type { Snapshot } from '../observe/snapshot.ts';
import { isRunning, type PresentArray } from '../observe/snapshot.ts';
import type { WatchedArray } from '../topology/watchlist.ts';
import type { CommandEffect, Effect } from './effects.ts';
import type { EngineEvent } from './events.ts';
import { memberSet } from './see-snapshot.ts';
import { type EngineState, progressOf, type Step, withProgress } from './state.ts';

/**
 * The next command of a start (S7): bind members that udev left alone, then run the assembled array. Null when no md
 * device holds a member and there is none to bind, so that nothing can be done.
 */
export function nextStartCommand(
  snapshot: Snapshot,
  array: WatchedArray,
  alreadyBound: boolean,
): CommandEffect | null {
  const unbound = snapshot.members
    .filter((member) => member.superblock.arrayUuid === array.uuid && member.boundTo === null)
    .map((member) => member.device);
  if (unbound.length > 0 && !alreadyBound) return { kind: 'assemble', uuid: array.uuid, devices: unbound };
  const assembled = assembledDevice(snapshot, array);
  return assembled === undefined ? null : { kind: 'run-array', uuid: array.uuid, device: assembled.device };
}

/** The md device that holds this array's members, running or not. */
export function assembledDevice(snapshot: Snapshot, array: WatchedArray): PresentArray | undefined {
  return snapshot.arrays.find((present) => present.uuid === array.uuid && !present.external);
}

/** What a finished command means for the start it belongs to; the snapshot has been taken in already. */
export function concludeCommand(state: EngineState, event: EngineEvent & { kind: 'command-finished' }): Step {
  const { command } = event;
  if (command.kind === 'settle') return { state: { ...state, unsettled: false }, effects: [] };
  const array = state.watchlist.arrays.find((watched) => watched.uuid === command.uuid);
  if (array === undefined || progressOf(state, command.uuid).phase.kind !== 'starting') {
    // Up already (whatever the command said), or stopped after a failure.
    return { state: { ...state, unsettled: true }, effects: [] };
  }
  switch (command.kind) {
    case 'assemble': {
      const run = nextStartCommand(state.snapshot, array, true);
      if (run === null)
        return failed(state, array, event.atMs, event.detail || 'no md device appeared for its members');
      return { state: { ...state, inFlight: run }, effects: [run] };
    }
    case 'run-array': {
      const present = assembledDevice(state.snapshot, array);
      if (event.ok && present !== undefined && !isRunning(present)) {
        const write: CommandEffect = { kind: 'write-read-auto', uuid: array.uuid, device: present.device };
        return { state: { ...state, inFlight: write }, effects: [write] };
      }
      return failed(state, array, event.atMs, event.detail || 'mdadm --run did not start it');
    }
    case 'write-read-auto':
      return failed(state, array, event.atMs, event.detail || 'md did not accept read-auto');
    case 'stop-array':
      return { state, effects: [] };
  }
}

/** A start that failed half way leaves an array that refuses later members, so it is stopped (DESIGN.md, Early boot). */
function failed(state: EngineState, array: WatchedArray, atMs: number, why: string): Step {
  const effects: Effect[] = [
    { kind: 'record', entry: { atMs, kind: 'start-failed', array: array.uuid, text: why } },
  ];
  let next = withProgress(state, array.uuid, {
    phase: { kind: 'failed', withMembers: memberSet(state.snapshot, array), why },
    hurried: false,
  });
  const present = assembledDevice(state.snapshot, array);
  if (present !== undefined && !isRunning(present)) {
    const stop: CommandEffect = { kind: 'stop-array', uuid: array.uuid, device: present.device };
    next = { ...next, inFlight: stop };
    effects.push(stop);
  }
  return { state: next, effects };
}
