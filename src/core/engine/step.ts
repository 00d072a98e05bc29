import { denialSource } from '../configuration/shell-denial.ts';
import { advance } from './advance.ts';
import { seeSnapshot } from './apply-snapshot.ts';
import { takeAnswerKey } from './ask.ts';
import { record, sayAlone, WIPE_COUNTDOWN } from './effects.ts';
import type { EngineEvent } from './events.ts';
import { concludeCommand } from './start-array.ts';
import {
  andThen,
  arraysInScope,
  type EngineState,
  progressOf,
  type Step,
  unchanged,
  withProgress,
} from './state.ts';

/**
 * The engine: what happened in, what to do out. Pure and total: no clock, no process, no file. Whatever comes, the state
 * stays one from which every path ends in `finish`.
 */
export function step(state: EngineState, event: EngineEvent): Step {
  if (state.outcome !== null) return unchanged(state);
  return andThen(take(state, event), (taken) => advance(taken, event.atMs));
}

/** What the event itself changes, before anything is decided. */
function take(state: EngineState, event: EngineEvent): Step {
  switch (event.kind) {
    case 'tick':
      return unchanged(state);
    case 'devices':
      return seeSnapshot(state, event.snapshot, event.atMs);
    case 'command-finished': {
      const seen = seeSnapshot({ ...state, inFlight: null }, event.snapshot, event.atMs);
      return andThen(seen, (next) => concludeCommand(next, event));
    }
    case 'key':
      return takeKey(state, event);
    case 'attendance':
      return attend(state, event.attended);
    case 'passphrase-prompt':
      if (event.open)
        return state.paused === null ? pause(state, 'passphrase', event.atMs) : unchanged(state);
      return state.paused?.by === 'passphrase'
        ? resume(state, event.atMs, 'passphrase-closed')
        : unchanged(state);
    case 'shell-left':
      return state.paused?.by === 'shell' ? resume(state, event.atMs, 'shell-left') : unchanged(state);
  }
}

/** Keys count only once a notice has said what they do: what was typed before was meant for something else. */
function takeKey(state: EngineState, event: EngineEvent & { kind: 'key' }): Step {
  const noticed = arraysInScope(state).filter((array) => {
    const progress = progressOf(state, array.uuid);
    return progress.noticed && progress.phase.kind !== 'up';
  });
  if (state.paused !== null || !state.attended) return unchanged(state);
  const asked = takeAnswerKey(state, event);
  if (asked !== null) return asked;
  const mayHurry = noticed.length > 0 && (event.key === 'escape' || event.key === 'd');
  const mayOpenShell = (noticed.length > 0 || state.question !== null) && event.key === 'return';
  if (!mayHurry && !mayOpenShell) return unchanged(state);
  const pressed = record({ atMs: event.atMs, kind: 'key', key: event.key, console: event.console });
  if (event.key === 'return') {
    const denied = state.options.shellDenied;
    if (denied !== null) {
      return {
        state,
        effects: [
          pressed,
          record({ atMs: event.atMs, kind: 'shell-denied', detail: denialSource(denied) }),
          ...sayAlone({ kind: 'no-shell', why: denied }),
          { kind: 'countdown', countdown: state.countdown },
        ],
      };
    }
    // The greeting is made where the shell is opened, from the state at that moment.
    const paused = pause(state, 'shell', event.atMs);
    return {
      state: paused.state,
      effects: [
        pressed,
        ...paused.effects,
        record({ atMs: event.atMs, kind: 'shell-opened', console: event.console }),
        { kind: 'open-shell', console: event.console },
      ],
    };
  }
  let startNow = state;
  for (const array of noticed) startNow = withProgress(startNow, array.uuid, { startNow: true });
  return { state: startNow, effects: [pressed] };
}

function attend(state: EngineState, attended: boolean): Step {
  if (attended === state.attended) return unchanged(state);
  if (attended) return unchanged({ ...state, attended });
  return { state: { ...state, attended, question: null, countdown: null }, effects: [WIPE_COUNTDOWN] };
}

function pause(state: EngineState, by: 'passphrase' | 'shell', atMs: number): Step {
  const opened = by === 'passphrase' ? [record({ atMs, kind: 'passphrase-opened' })] : [];
  return {
    state: { ...state, paused: { by, sinceMs: atMs }, countdown: null },
    effects: [WIPE_COUNTDOWN, ...opened],
  };
}

/** The clock stood still meanwhile: every running wait, and the generator's limit, moves by as long. */
function resume(state: EngineState, atMs: number, kind: 'passphrase-closed' | 'shell-left'): Step {
  const stoodMs = atMs - (state.paused?.sinceMs ?? atMs);
  const shift = (at: number | null): number | null => (at === null ? null : at + stoodMs);
  let next: EngineState = {
    ...state,
    paused: null,
    options: { ...state.options, generatorLimitAtMs: state.options.generatorLimitAtMs + stoodMs },
  };
  for (const array of state.watchlist.arrays) {
    const progress = progressOf(state, array.uuid);
    next = withProgress(next, array.uuid, {
      waitBeganAtMs: shift(progress.waitBeganAtMs),
      watchedFromMs: shift(progress.watchedFromMs),
      lastArrivalAtMs: shift(progress.lastArrivalAtMs),
      completeSinceMs: shift(progress.completeSinceMs),
      askedAtMs: shift(progress.askedAtMs),
    });
  }
  return { state: next, effects: [record({ atMs, kind })] };
}
