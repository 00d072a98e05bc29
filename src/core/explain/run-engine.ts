import { nextWakeAtMs } from '../engine/advance.ts';
import type { CommandEffect, Effect } from '../engine/effects.ts';
import type { EngineEvent } from '../engine/events.ts';
import type { Message } from '../engine/messages.ts';
import type { EngineState } from '../engine/state.ts';
import { step } from '../engine/step.ts';
import type { Outcome, TimelineEntry } from '../report/timeline.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';

/** A machine that exists only in memory, as far as the engine sees one. */
export interface SimulatedMachine {
  snapshot(): Snapshot;
  /** Does what the command would do; whether it says that it did. */
  act(command: CommandEffect): boolean;
}

/** Something that happens at a set time, in milliseconds since the kernel started. */
interface SimulatedHappening {
  readonly atMs: number;
  /** Changes the machine, and says what the engine hears of it. */
  readonly happen: (atMs: number) => EngineEvent;
}

export interface EngineRun {
  /** Null when it would go on for ever: nothing can happen any more. */
  readonly outcome: Outcome | null;
  readonly state: EngineState;
  readonly endMs: number;
  readonly timeline: readonly TimelineEntry[];
  readonly commands: readonly { readonly atMs: number; readonly command: CommandEffect }[];
  /** Everything that was said, the countdown aside. */
  readonly said: readonly Message[];
  readonly steps: number;
}

/** How long each command takes there. */
const COMMAND_MS = 50;

/** No boot comes near it; an engine that does not end is a fault, which must not hang the caller. */
const MAX_STEPS = 50_000;

/** Runs the real engine over a simulated machine and clock until it finishes, or until nothing can happen any more. */
export function runEngine(
  initial: EngineState,
  machine: SimulatedMachine,
  happenings: readonly SimulatedHappening[] = [],
): EngineRun {
  let state = initial;
  let nowMs = initial.options.startedAtMs;
  let outcome: Outcome | null = null;
  let steps = 0;
  const said: Message[] = [];
  const timeline: TimelineEntry[] = [];
  const commands: { atMs: number; command: CommandEffect }[] = [];
  const coming = [...happenings].sort((a, b) => a.atMs - b.atMs);

  const feed = (event: EngineEvent): void => {
    steps++;
    const stepped = step(state, event);
    state = stepped.state;
    for (const effect of stepped.effects) take(effect);
  };
  const take = (effect: Effect): void => {
    switch (effect.kind) {
      case 'say':
        said.push(effect.message);
        return;
      case 'record':
        timeline.push(effect.entry);
        return;
      case 'finish':
        outcome = effect.outcome;
        return;
      case 'countdown':
      case 'open-shell':
        return;
      default: {
        commands.push({ atMs: nowMs, command: effect });
        const ok = machine.act(effect);
        nowMs += COMMAND_MS;
        const snapshot = machine.snapshot();
        const detail = ok ? '' : 'refused';
        feed({ kind: 'command-finished', atMs: nowMs, command: effect, ok, detail, snapshot });
      }
    }
  };

  feed({ kind: 'devices', atMs: nowMs, snapshot: machine.snapshot() });
  while (outcome === null && steps < MAX_STEPS) {
    const wakeAtMs = nextWakeAtMs(state, nowMs);
    const next = coming[0];
    if (next === undefined && wakeAtMs === null) break;
    if (next !== undefined && (wakeAtMs === null || next.atMs <= wakeAtMs)) {
      coming.shift();
      const event = next.happen(Math.max(nowMs, next.atMs));
      nowMs = Math.max(nowMs, event.atMs);
      feed(event);
    } else if (wakeAtMs !== null) {
      nowMs = Math.max(nowMs + 1, wakeAtMs);
      feed({ kind: 'tick', atMs: nowMs });
    }
  }
  return { outcome, state, endMs: nowMs, timeline, commands, said, steps };
}
