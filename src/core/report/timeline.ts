import type { MdUuid } from '../md/md-uuid.ts';
import type { Role } from '../md/superblock.ts';

/**
 * `up`: every array that a mount needs runs. `handover`: some do not, and the generator's own failure path decides. `given-back`: all
 * that could be started has not brought root, and the distribution's own way of starting arrays takes over.
 */
export type Outcome = 'up' | 'handover' | 'given-back';

/**
 * Why an array was started degraded when it was; `degraded-before`: it was, and everything that was in sync then is present;
 * `all-in-sight`: every device that it knows is present, and what is missing is on none of them.
 */
export const START_CAUSES = ['wait-over', 'key', 'chosen', 'degraded-before', 'all-in-sight'] as const;

/** How a start failed. Nothing to start: `no-device`, `no-member-left`, `not-bound`; a command without effect: `not-stopped`, `not-run`, `not-read-auto`; given up: `too-often`. */
export const START_FAILURES = [
  'no-device',
  'no-member-left',
  'not-bound',
  'not-stopped',
  'not-run',
  'not-read-auto',
  'too-often',
] as const;

/** Why an array whose wait is over was not started: the configuration, a start that failed, too few members, or what makes it unsafe. */
export const NOT_STARTABLE_REASONS = [
  'policy',
  'start-failed',
  'too-few',
  'dirty-degraded',
  'journal-missing',
  'split-brain',
  'stale',
  'duplicate-members',
  'reshape',
  'external-metadata',
  'unknown-level',
] as const;

/** What one command did, in this order: a program that was run, or a value that was written to a file. */
export type CommandStep = { readonly argv: readonly [string, ...string[]] } | WriteStep;

export interface WriteStep {
  readonly path: string;
  readonly value: string;
}

/** One copy that a person could choose. */
export interface ReportedChoice {
  readonly devices: readonly string[];
  readonly events: number;
  /** When it was last written, in milliseconds since 1970. */
  readonly writtenMs: number;
  readonly missingRoles: readonly number[];
}

interface OfArray {
  readonly array: MdUuid;
}

interface ArrayRuns extends OfArray {
  /** Kernel name of the md device. */
  readonly device: string;
  /** md's word (array_state). */
  readonly state: string;
  readonly missingCount: number;
  /** Members are missing, or were when the start began. */
  readonly degraded: boolean;
}

interface Command {
  readonly ok: boolean;
  /** What went wrong; '' when nothing did. */
  readonly detail: string;
}

/** Why a start left its array down. */
export interface StartFailure {
  readonly reason: (typeof START_FAILURES)[number];
  /** The md device that the command was about. */
  readonly device: string | null;
  /** What the command said; '' when it said nothing. */
  readonly detail: string;
  /** Starts of this array begun so far. */
  readonly attempts: number;
}

/** The facts of each kind of entry. Null: a report of schema 1 does not say. */
export interface TimelineFacts {
  readonly 'engine-started': object;
  /** This place's record of who was in sync is newer than the image's. */
  readonly ledger: OfArray & {
    readonly place: string;
    readonly recordedAtMs: number;
    readonly events: number;
    readonly inSyncCount: number;
  };
  readonly 'ledger-ignored': { readonly place: string; readonly detail: string };
  readonly 'member-arrived': OfArray & { readonly device: string };
  readonly 'array-complete': ArrayRuns;
  readonly 'array-degraded': ArrayRuns;
  readonly 'array-started': ArrayRuns;
  readonly notice: OfArray & {
    readonly missingRoles: readonly Role[] | null;
    readonly waitedMs: number | null;
    readonly leftMs: number | null;
  };
  /** It is started degraded now. */
  readonly deadline: OfArray & {
    readonly cause: (typeof START_CAUSES)[number];
    readonly missingRoles: readonly Role[] | null;
  };
  readonly key: { readonly key: string; readonly console: string };
  readonly command: Command & { readonly array: MdUuid | null; readonly steps: readonly CommandStep[] };
  /** No device event is heard any more; the machine is looked at this often instead. */
  readonly 'events-lost': { readonly detail: string; readonly lookEveryMs: number };
  readonly 'start-failed': OfArray & StartFailure;
  readonly 'not-startable': OfArray & {
    readonly reason: (typeof NOT_STARTABLE_REASONS)[number];
    readonly missingRoles: readonly Role[];
  };
  readonly asked: OfArray & {
    readonly reason: (typeof NOT_STARTABLE_REASONS)[number];
    readonly choices: readonly ReportedChoice[] | null;
  };
  readonly answered: OfArray & {
    /** Counted from 1. */
    readonly choice: number;
    readonly console: string;
    readonly devices: readonly string[];
  };
  readonly 'shell-opened': { readonly console: string };
  readonly 'shell-denied': { readonly detail: string };
  readonly 'shell-left': object;
  readonly 'passphrase-opened': object;
  readonly 'passphrase-closed': object;
  /** A half assembled array was stopped before the root switch. */
  readonly released: OfArray & Command & { readonly device: string };
  /** Arrays outside the list that are looked after from here on. */
  readonly unlisted: { readonly arrays: readonly MdUuid[] };
  readonly handover: { readonly arrays: readonly MdUuid[] };
  readonly finished: { readonly outcome: Outcome };
}

export type TimelineKind = keyof TimelineFacts;

export type TimelineFact<K extends TimelineKind = TimelineKind> = {
  [P in K]: { readonly kind: P } & TimelineFacts[P];
}[K];

/** An entry of the boot report's timeline. `atMs`: milliseconds since the kernel started. */
export type TimelineEntry = { readonly atMs: number } & TimelineFact;
