import type { DueEvent, NoticeEvent, StandingKind } from './event.ts';
import type { SeenArray } from './facts.ts';

/** A fault that was told and is not over. */
export interface ToldFault {
  readonly event: NoticeEvent<StandingKind>;
  /** When it was told last, milliseconds since 1970. */
  readonly toldMs: number;
}

/** A message that a channel has not taken yet. */
export interface UnsentMessage {
  readonly channel: string;
  /** What it tells; of very many the first. */
  readonly events: readonly DueEvent[];
  /** What the channel said. */
  readonly why: string;
  /** When it was made, milliseconds since 1970. */
  readonly atMs: number;
}

/** What was told before, kept across boots. */
export interface Told {
  readonly bootId: string;
  readonly faults: readonly ToldFault[];
  /** Keys of what the reports of that boot say, told already. */
  readonly reported: readonly string[];
  /** How many of that boot's heard failures were considered. */
  readonly heardCount: number;
  /** As the last look found them. */
  readonly arrays: readonly SeenArray[];
  /** What happened since the last message, too soon after it to be told. */
  readonly waiting: readonly NoticeEvent[];
  /** When the last messages were made, the latest first. */
  readonly sentMs: readonly number[];
  readonly unsent: readonly UnsentMessage[];
}

export const NOTHING_TOLD: Told = {
  bootId: '',
  faults: [],
  reported: [],
  heardCount: 0,
  arrays: [],
  waiting: [],
  sentMs: [],
  unsent: [],
};

export const MAX_FAULTS = 512;
export const MAX_WAITING = 256;
export const MAX_UNSENT = 64;
/** Of one message. */
export const MAX_UNSENT_EVENTS = 32;
/** Of one channel; older ones are dropped, since the newest say how it stands. */
export const MAX_UNSENT_OF_CHANNEL = 8;
/** Messages whose dates are kept: as many in an hour are a storm. */
export const MAX_SENT = 6;
