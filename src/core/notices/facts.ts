import type { MdUuid } from '../md/md-uuid.ts';
import type { NoticeEvent, StandingKind } from './event.ts';

/** One member of an array at one look. */
export interface SeenMember {
  /** Its device UUID, else its kernel name: the same at each look. */
  readonly id: string;
  /** As a person knows it; escape it. */
  readonly disk: string;
  readonly state: 'in-sync' | 'filling' | 'failed' | 'held' | 'spare';
}

/** One array at one look. */
export interface SeenArray {
  readonly uuid: MdUuid;
  readonly name: string;
  readonly device: string | null;
  readonly isRunning: boolean;
  readonly members: readonly SeenMember[];
}

/** mdadm said that a member failed. Kernel names, as md-event wrote them down. */
export interface HeardFailure {
  readonly array: string;
  readonly member: string;
}

/** All that a look finds. */
export interface NoticeFacts {
  /** Milliseconds since 1970; 0 where the machine does not tell. */
  readonly nowMs: number;
  /** Changes with each boot. */
  readonly bootId: string;
  readonly arrays: readonly SeenArray[];
  /** What is wrong now. */
  readonly standing: readonly NoticeEvent<StandingKind>[];
  /** What the reports of this boot say has happened. Keys hold for one boot. */
  readonly reported: readonly NoticeEvent[];
  /** Failures of this boot, the first one first: a member may be back before anybody looks. */
  readonly heard: readonly HeardFailure[];
  /** Nothing was withheld: what is not found is over. */
  readonly isWhole: boolean;
}
