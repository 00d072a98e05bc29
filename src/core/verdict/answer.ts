import type { UnsafeReason } from './verdict.ts';

/** What a person chose when an array was not started automatically (S4-S6). */
export interface Answer {
  /** Kernel names of the devices that are to be started; the others are not touched. */
  readonly devices: ReadonlySet<string>;
  /** The dangers that were shown and taken. */
  readonly accepts: ReadonlySet<UnsafeReason['code']>;
  /** The members that were there when it was given (`memberSet`); with others it is void, and asked anew. */
  readonly whenPresent: string;
}

/** Dangers that the choice of a copy settles together: which of several, older than the ledger or not. */
export const COPY_DANGERS: readonly UnsafeReason['code'][] = ['split-brain', 'stale', 'duplicate-members'];
