import { renderUp } from '../render/console/boot-messages.ts';
import { memberSet, presentMemberKeys } from '../snapshot/member-set.ts';
import { isRunning, type Snapshot } from '../snapshot/snapshot.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import type { Effect } from './effects.ts';
import { arraysInScope, type EngineState, progressOf, type Step, withProgress } from './state.ts';

/** Takes in what is there now: arrivals move deadlines, running arrays are done, a changed set of members is another try. */
export function seeSnapshot(state: EngineState, snapshot: Snapshot, atMs: number): Step {
  const effects: Effect[] = [];
  let next: EngineState = { ...state, snapshot, looked: true };
  for (const array of arraysInScope(state)) next = seeArray(next, array, atMs, effects);
  return { state: next, effects };
}

function seeArray(state: EngineState, array: WatchedArray, atMs: number, effects: Effect[]): EngineState {
  const before = progressOf(state, array.uuid);
  const now = presentMemberKeys(state.snapshot, array.uuid);
  let next = state;
  const arrived = before.seen === null ? [] : [...now].filter((member) => !before.seen?.has(member));
  for (const member of arrived) {
    effects.push({
      kind: 'record',
      entry: { atMs, kind: 'member-arrived', array: array.uuid, text: member.split('/')[0] ?? member },
    });
  }
  next = withProgress(next, array.uuid, {
    seen: before.seen === null ? now : new Set([...before.seen, ...now]),
    ...(arrived.length > 0 ? { lastArrivalAtMs: atMs } : {}),
  });

  const running = state.snapshot.arrays.find((present) => present.uuid === array.uuid && isRunning(present));
  if (running !== undefined && before.phase.kind !== 'up') {
    const missing = running.degraded ?? 0;
    const byUs = before.phase.kind === 'starting';
    if (!byUs && before.noticed)
      effects.push({ kind: 'countdown', line: null }, { kind: 'show', text: renderUp(array, missing) });
    effects.push({
      kind: 'record',
      entry: {
        atMs,
        kind: byUs ? 'array-started' : missing === 0 ? 'array-complete' : 'array-degraded',
        array: array.uuid,
        degraded: missing > 0 || (byUs && before.phase.degraded),
        text: `${running.device} is ${running.state}${missing > 0 ? `, ${missing} missing` : ''}`,
      },
    });
    return withProgress(next, array.uuid, { phase: { kind: 'up' }, startNow: false });
  }
  if (running === undefined && before.phase.kind === 'up') {
    return withProgress(next, array.uuid, { phase: { kind: 'waiting' } });
  }
  const { answer } = before;
  if (
    answer !== null &&
    before.phase.kind !== 'starting' &&
    answer.whenPresent !== memberSet(state.snapshot, array.uuid)
  ) {
    // It was given for other members than are here now.
    next = withProgress(next, array.uuid, { answer: null });
  }
  if (before.phase.kind === 'failed' && before.phase.withMembers !== memberSet(state.snapshot, array.uuid)) {
    return withProgress(next, array.uuid, { phase: { kind: 'waiting' }, saidNotStartable: null });
  }
  return next;
}
