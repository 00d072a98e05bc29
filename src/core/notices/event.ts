import type { MdUuid } from '../md/md-uuid.ts';

/** What lasts: told once, each day until it is over, and once when it is. */
export const STANDING_KINDS = [
  'array-failed',
  'not-started',
  'question-open',
  'degraded',
  'member-held',
  'program-gave-way',
  'boot-endangered',
  'image-outdated',
  'channel-failed',
] as const;

/** What happens at a moment: told once. */
export const PASSING_KINDS = [
  'started-degraded',
  'question-answered',
  'member-failed',
  'member-gone',
  'member-back',
  'member-readded',
  'rebuild-finished',
] as const;

export type StandingKind = (typeof STANDING_KINDS)[number];
export type PassingKind = (typeof PASSING_KINDS)[number];
export type EventKind = StandingKind | PassingKind;

/** One thing that people are told. Texts come from disks and files: escape them. */
export interface NoticeEvent<K extends EventKind = EventKind> {
  readonly kind: K;
  /** The same for the same thing, at every look. */
  readonly key: string;
  /** Null where it is about the machine. */
  readonly array: { readonly uuid: MdUuid; readonly name: string; readonly device: string | null } | null;
  /** The disks that it is about, as a person knows them. */
  readonly disks: readonly string[];
  /** Half a sentence more: why, which device, what it means; empty where there is nothing to add. */
  readonly detail: string;
}

/** How an event is told this time. */
export interface DueEvent {
  readonly event: NoticeEvent;
  /** `new`: it was not told before; `again`: a day has passed; `healed`: it is over. */
  readonly how: 'new' | 'again' | 'healed';
}

/** The detail of an array's fault that is over since the array is not there any more. */
export const NOT_THERE = 'not there';
