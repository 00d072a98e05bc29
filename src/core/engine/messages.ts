import type { ShellDenial } from '../configuration/shell-denial.ts';
import type { Role } from '../md/superblock.ts';
import type { StartFailure } from '../report/timeline.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import type { Presence } from '../verdict/presence.ts';
import type { Choice, Question } from '../verdict/question.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { DegradedPolicy, DiskIdentity, WatchedArray, Watchlist } from '../watchlist/watchlist.ts';

/** An array in a notice: what is known of it, and what will happen. */
export interface NoticedArray {
  readonly array: WatchedArray;
  readonly verdict: Verdict;
  readonly presence: Presence;
  readonly policy: DegradedPolicy;
  readonly waitedMs: number;
  readonly leftMs: number;
  /** When the newest copy that is present was last written; null when no member is present. */
  readonly writtenMs: number | null;
}

/** A member that came while its array was waited for. */
export interface CameMember {
  /** Kernel name. */
  readonly device: string;
  /** Null for a disk of a container that has no slot. */
  readonly role: Role | null;
  /** As the list knows it; null when it does not. */
  readonly disk: DiskIdentity | null;
}

/**
 * Why arrays outside the list are looked after: the list is older than the machine; a listed array has too few members; or not all that root
 * needs could be followed.
 */
export type UnlistedCause = 'outdated' | 'too-few' | 'not-followed';

/** Something that the engine says to people, once. How it reads is decided where it is shown. */
export type Message =
  /** What is waited for, what will happen, and what the keys do. `shellDenied`: why Return opens no shell, else null. */
  | {
      readonly kind: 'notice';
      readonly arrays: readonly NoticedArray[];
      readonly canStart: boolean;
      readonly shellDenied: ShellDenial | null;
    }
  | {
      readonly kind: 'question';
      readonly array: WatchedArray;
      readonly question: Question;
      readonly presence: Presence;
      readonly shellDenied: ShellDenial | null;
    }
  /** A choice was typed; `number` counts from 1. */
  | {
      readonly kind: 'confirm' | 'chosen';
      readonly array: WatchedArray;
      readonly number: number;
      readonly choice: Choice;
    }
  /** A choice was taken back. */
  | { readonly kind: 'withdrawn'; readonly array: WatchedArray }
  /** Started degraded. `wasNoticed`: a notice has named what is missing. */
  | {
      readonly kind: 'starting';
      readonly array: WatchedArray;
      readonly presence: Presence;
      readonly wasNoticed: boolean;
      readonly writtenMs: number | null;
    }
  /** Its wait is over and it is not started; `failure` when a start was tried. */
  | {
      readonly kind: 'not-startable';
      readonly array: WatchedArray;
      readonly verdict: Verdict;
      readonly presence: Presence;
      readonly failure: StartFailure | null;
    }
  /** An array that was waited for runs, and not by our hand: its last member came, or somebody started it in a shell. */
  | {
      readonly kind: 'up';
      readonly array: WatchedArray;
      readonly missing: number;
      readonly came: readonly CameMember[];
    }
  /** All is up, and these run degraded by the engine's hand: what a person does next. */
  | { readonly kind: 'runs-degraded'; readonly arrays: readonly WatchedArray[] }
  /** Arrays outside the list are looked after now. */
  | { readonly kind: 'unlisted'; readonly arrays: readonly WatchedArray[]; readonly because: UnlistedCause }
  /** Listed, gone, and not waited for: the boot has what it needs without them. */
  | {
      readonly kind: 'not-needed';
      readonly arrays: readonly WatchedArray[];
      /** What a person types to build the image anew. */
      readonly rebuild: string;
    }
  | { readonly kind: 'no-shell'; readonly why: ShellDenial }
  /** To who is given a rescue shell: how the listed arrays stand at that moment. */
  | {
      readonly kind: 'shell-greeting';
      readonly watchlist: Watchlist;
      readonly snapshot: Snapshot;
      readonly stale: 'ask' | 'start';
    }
  /** The last words before the generator's own failure path. */
  | { readonly kind: 'handover'; readonly arrays: readonly WatchedArray[]; readonly reportPath: string };

/** What is counted down: until these are started degraded, until waiting for them ends, until the boot gives up on them. */
export interface Countdown {
  readonly what: 'start' | 'wait' | 'give-up';
  readonly leftMs: number;
  readonly arrays: readonly WatchedArray[];
}

/** The number that a countdown shows. */
export const secondsLeft = ({ leftMs }: Countdown): number => Math.max(0, Math.ceil(leftMs / 1000));

/** Whether both would be shown alike. */
export function isSameCountdown(a: Countdown | null, b: Countdown | null): boolean {
  if (a === null || b === null) return a === b;
  return a.what === b.what && secondsLeft(a) === secondsLeft(b) && uuidsOf(a) === uuidsOf(b);
}

const uuidsOf = ({ arrays }: Countdown): string => arrays.map(({ uuid }) => uuid).join();
