import type { Key } from '../keys/key.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { CommandEffect } from './effects.ts';

/** What can happen to the engine. `atMs` is the monotonic clock in milliseconds since the kernel started. */
export type EngineEvent =
  | { readonly kind: 'devices'; readonly atMs: number; readonly snapshot: Snapshot }
  | { readonly kind: 'tick'; readonly atMs: number }
  | { readonly kind: 'key'; readonly atMs: number; readonly key: Key; readonly console: string }
  | { readonly kind: 'passphrase-prompt'; readonly atMs: number; readonly open: boolean }
  | {
      readonly kind: 'command-finished';
      readonly atMs: number;
      readonly command: CommandEffect;
      /** The command succeeded, by its exit status (F4: that is not proof). */
      readonly ok: boolean;
      /** Its error output or the reason it did not run; for people. */
      readonly detail: string;
      /** The machine as it was after the command. */
      readonly snapshot: Snapshot;
    }
  /** After the boot image: systemd holds the boot, so that whoever stands before the machine looks at the consoles; or does so no longer. */
  | { readonly kind: 'attendance'; readonly atMs: number; readonly attended: boolean }
  | { readonly kind: 'shell-left'; readonly atMs: number };
