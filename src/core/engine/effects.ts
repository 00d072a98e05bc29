import type { MdUuid } from '../md/md-uuid.ts';
import type { Outcome, TimelineEntry } from '../report/timeline.ts';
import type { Countdown, Message } from './messages.ts';

/** An effect that takes time and is answered by a `command-finished` event; at most one is under way. */
export type CommandEffect =
  /**
   * `mdadm --incremental` on each device: binds members that udev left alone. `devicePath`: the node that the array has, for a
   * device that mdadm.conf shuts out: it is bound under a configuration that knows nothing but this array.
   */
  | {
      readonly kind: 'assemble';
      readonly uuid: MdUuid;
      readonly devicePath: string;
      readonly devices: readonly string[];
    }
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
  /** For people, once, wherever they look. */
  | { readonly kind: 'say'; readonly message: Message }
  /** What is redrawn in place; null wipes it. */
  | { readonly kind: 'countdown'; readonly countdown: Countdown | null }
  | { readonly kind: 'record'; readonly entry: TimelineEntry }
  /** A rescue shell on that console, greeted by what `reliable-raid start` shows. */
  | { readonly kind: 'open-shell'; readonly console: string }
  | { readonly kind: 'finish'; readonly outcome: Outcome };

export const record = (entry: TimelineEntry): Effect => ({ kind: 'record', entry });

export const WIPE_COUNTDOWN: Effect = { kind: 'countdown', countdown: null };

/** A message that takes the place of the countdown. */
export const sayAlone = (message: Message): readonly Effect[] => [WIPE_COUNTDOWN, { kind: 'say', message }];
