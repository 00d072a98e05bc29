import type { MdUuid } from '../md/md-uuid.ts';

/** A line of the boot report's timeline. */
export interface TimelineEntry {
  readonly atMs: number;
  readonly kind: TimelineKind;
  readonly array?: MdUuid;
  /** Started or found with members missing. */
  readonly degraded?: boolean;
  /** The reason, in words. */
  readonly text?: string;
}

export type TimelineKind =
  | 'engine-started'
  | 'ledger'
  | 'member-arrived'
  | 'array-complete'
  | 'array-degraded'
  | 'notice'
  | 'deadline'
  | 'key'
  | 'command'
  | 'array-started'
  | 'start-failed'
  | 'not-startable'
  | 'asked'
  | 'answered'
  | 'shell-opened'
  | 'shell-denied'
  | 'shell-left'
  | 'passphrase-opened'
  | 'passphrase-closed'
  | 'released'
  | 'handover'
  | 'finished';

/** `up`: every array that a mount needs runs. `handover`: some do not, and the generator's own failure path decides. */
export type Outcome = 'up' | 'handover';

/** An effect that takes time and is answered by a `command-finished` event; at most one is under way. */
export type CommandEffect =
  /** `mdadm --incremental` on each device: binds members that udev left alone. */
  | { readonly kind: 'assemble'; readonly uuid: MdUuid; readonly devices: readonly string[] }
  /**
   * `mdadm --run`: starts the assembled array read-auto, nothing is written until the first write. `dirty`: a person has
   * said to start it although its parity may be wrong; md is told so for the time of the command (md.rst, start_dirty_degraded).
   */
  | { readonly kind: 'run-array'; readonly uuid: MdUuid; readonly device: string; readonly dirty: boolean }
  /** Writes `read-auto` to array_state, for an `mdadm --run` that returned 0 and did nothing (F4). */
  | {
      readonly kind: 'write-read-auto';
      readonly uuid: MdUuid;
      readonly device: string;
      readonly dirty: boolean;
    }
  /** `mdadm --stop` on an inactive array: writes nothing. */
  | { readonly kind: 'stop-array'; readonly uuid: MdUuid; readonly device: string }
  /** Waits until udev has worked off its queue. */
  | { readonly kind: 'settle' };

export type Effect =
  | CommandEffect
  /** Whole lines, once, on every console. */
  | { readonly kind: 'show'; readonly text: string }
  /** The one line that is redrawn in place; null wipes it. */
  | { readonly kind: 'countdown'; readonly line: string | null }
  | { readonly kind: 'record'; readonly entry: TimelineEntry }
  /** A rescue shell on that console, greeted by what `reliable-raid start` shows. */
  | { readonly kind: 'open-shell'; readonly console: string }
  | { readonly kind: 'finish'; readonly outcome: Outcome };

export const record = (entry: TimelineEntry): Effect => ({ kind: 'record', entry });
