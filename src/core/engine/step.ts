import { advance } from './advance.ts';
import { seeSnapshot } from './apply-snapshot.ts';
import { takeAnswerKey } from './ask.ts';
import { type Effect, record } from './effects.ts';
import type { EngineEvent } from './events.ts';
import { concludeCommand } from './start-array.ts';
import { arraysInScope, type EngineState, progressOf, type Step, withProgress } from './state.ts';

/**
 * The engine: what happened in, what to do out. Pure and total: no clock, no process, no file. Whatever comes, the state
 * stays one from which every path ends in `finish`.
 */
export function step(state: EngineState, event: EngineEvent): Step {
  if (state.outcome !== null) return { state, effects: [] };
  const taken = take(state, event);
  const decided = advance(taken.state, event.atMs);
  return { state: decided.state, effects: [...taken.effects, ...decided.effects] };
}

/** What the event itself changes, before anything is decided. */
function take(state: EngineState, event: EngineEvent): Step {
  switch (event.kind) {
    case 'tick':
      return { state, effects: [] };
    case 'devices':
      return seeSnapshot(state, event.snapshot, event.atMs);
    case 'command-finished': {
      const seen = seeSnapshot({ ...state, inFlight: null }, event.snapshot, event.atMs);
      const concluded = concludeCommand(seen.state, event);
      return { state: concluded.state, effects: [...seen.effects, ...concluded.effects] };
    }
    case 'key':
      return takeKey(state, event);
    case 'passphrase-prompt':
      if (event.open)
        return state.paused === null ? pause(state, 'passphrase', event.atMs) : { state, effects: [] };
      return state.paused?.by === 'passphrase'
        ? resume(state, event.atMs, 'passphrase-closed')
        : { state, effects: [] };
    case 'shell-left':
      return state.paused?.by === 'shell' ? resume(state, event.atMs, 'shell-left') : { state, effects: [] };
  }
}

/** Keys count only once a notice has said what they do: what was typed before was meant for something else. */
function takeKey(state: EngineState, event: EngineEvent & { kind: 'key' }): Step {
  const noticed = arraysInScope(state).filter((array) => {
    const progress = progressOf(state, array.uuid);
    return progress.noticed && progress.phase.kind !== 'up';
  });
  if (state.paused !== null) return { state, effects: [] };
  const asked = takeAnswerKey(state, event);
  if (asked !== null) return asked;
  const mayHurry = noticed.length > 0 && (event.key === 'escape' || event.key === 'd');
  const mayOpenShell = (noticed.length > 0 || state.question !== null) && event.key === 'return';
  if (!mayHurry && !mayOpenShell) return { state, effects: [] };
  const pressed = record({ atMs: event.atMs, kind: 'key', text: `${event.key} on ${event.console}` });
  if (event.key === 'return') {
    const denied = state.options.shellDenied;
    if (denied !== null) {
      const text = `No rescue shell: ${denied}.`;
      return {
        state,
        effects: [
          pressed,
          record({ atMs: event.atMs, kind: 'shell-denied', text: denied }),
          { kind: 'countdown', line: null },
          { kind: 'show', text: `  ${text}` },
          { kind: 'countdown', line: state.countdown },
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
        record({ atMs: event.atMs, kind: 'shell-opened', text: event.console }),
        { kind: 'open-shell', console: event.console },
      ],
    };
  }
  let startNow = state;
  for (const array of noticed) startNow = withProgress(startNow, array.uuid, { startNow: true });
  return { state: startNow, effects: [pressed] };
}

function pause(state: EngineState, by: 'passphrase' | 'shell', atMs: number): Step {
  const effects: Effect[] = [{ kind: 'countdown', line: null }];
  if (by === 'passphrase') effects.push(record({ atMs, kind: 'passphrase-opened' }));
  return { state: { ...state, paused: { by, sinceMs: atMs }, countdown: null }, effects };
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
      lastArrivalAtMs: shift(progress.lastArrivalAtMs),
      completeSinceMs: shift(progress.completeSinceMs),
      askedAtMs: shift(progress.askedAtMs),
    });
  }
  return { state: next, effects: [record({ atMs, kind })] };
}
