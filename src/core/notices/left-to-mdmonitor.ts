import type { DueEvent, EventKind } from './event.ts';

/**
 * What mdadm --monitor mails by itself: Fail, FailSpare and DegradedArray, the last again with each of its starts and from its daily
 * timer (is_email_event in Monitor.c, mdmonitor-oneshot.timer). It mails nothing of a fault that is over.
 */
const MAILED: ReadonlySet<EventKind> = new Set(['degraded', 'member-failed', 'member-gone']);

/** A mail of mdmonitor's says it already. */
export const isMailedByMdmonitor = ({ event, how }: DueEvent): boolean =>
  how !== 'healed' && MAILED.has(event.kind);
