import { type DueEvent, NOT_THERE, type NoticeEvent, type StandingKind } from './event.ts';
import type { NoticeFacts } from './facts.ts';
import { happenings } from './happenings.ts';
import { unseenFailures } from './heard-failures.ts';
import { MAX_FAULTS, MAX_SENT, MAX_WAITING, type Told, type ToldFault } from './told.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A timer that fires once a day comes a little early now and then. */
const REPEAT_MS = 23 * HOUR_MS;
/** Between two messages; and in a storm. */
const GAP_MS = MINUTE_MS;
const STORM_GAP_MS = 10 * MINUTE_MS;

export interface Due {
  /** All in one message; empty: nothing is to be told now. */
  readonly events: readonly DueEvent[];
  /** What to remember, once that message is on its way. */
  readonly told: Told;
  /** Something waits: look again after this long, milliseconds. Null: whenever the next event comes. */
  readonly againAfterMs: number | null;
}

/**
 * What is to be told now: a fault when it is first seen, each day until it is over, and once when it is; what happens in between
 * once. However much happens at once, or within a minute of the last message, it is one message. A date that leaps makes a
 * reminder late or early by a day at most, and never tells anything twice at once.
 */
export function dueNotices(facts: NoticeFacts, before: Told): Due {
  const { nowMs, bootId } = facts;
  const isNewBoot = bootId !== before.bootId;
  const toldOfBoot = new Set(isNewBoot ? [] : before.reported);
  const reported = unique(facts.reported).filter(({ key }) => !toldOfBoot.has(key));
  const faulty = new Set(
    [...before.faults.map(({ event }) => event), ...facts.standing].flatMap(({ array }) => array?.uuid ?? []),
  );
  // The fault says it.
  const isTold = ({ kind, array }: NoticeEvent): boolean =>
    kind === 'started-degraded' && array !== null && faulty.has(array.uuid);
  const news = reported.filter((event) => !isTold(event));
  const shown = happenings(before.arrays, facts.arrays);
  const heard = facts.heard.slice(isNewBoot ? 0 : before.heardCount);
  const unseen = unseenFailures(heard, before.arrays, facts.arrays, shown);
  const passing = [...before.waiting, ...news, ...unseen, ...shown];
  const standing = unique(facts.standing).slice(0, MAX_FAULTS);
  const seen = {
    ...before,
    bootId,
    reported: [...toldOfBoot, ...reported.map(({ key }) => key)].slice(0, MAX_FAULTS),
    heardCount: facts.heard.length,
    // What may not be read today is not gone.
    arrays: facts.isWhole ? facts.arrays : before.arrays,
  };
  const waiting = mergeWaiting(passing);
  const events = [
    ...newAndAgain(standing, before.faults, nowMs),
    ...healed(facts, before.faults),
    ...waiting.map(asNew),
  ];
  if (events.length === 0) return { events, told: { ...seen, waiting }, againAfterMs: null };
  const restMs = gapLeftMs(before.sentMs, nowMs);
  // Faults are kept by what stands; only what has passed must be remembered.
  if (restMs > 0) return { events: [], told: { ...seen, waiting }, againAfterMs: restMs };
  return {
    events,
    told: {
      ...seen,
      waiting: [],
      faults: rememberFaults(standing, facts, before.faults),
      sentMs: [nowMs, ...before.sentMs].slice(0, MAX_SENT),
    },
    againAfterMs: null,
  };
}

const asNew = (event: NoticeEvent): DueEvent => ({ event, how: 'new' });

function newAndAgain(
  standing: readonly NoticeEvent<StandingKind>[],
  before: readonly ToldFault[],
  nowMs: number,
): readonly DueEvent[] {
  return standing.flatMap((event): DueEvent[] => {
    const former = before.find((one) => one.event.key === event.key);
    if (former === undefined) return [{ event, how: 'new' }];
    return isOld(former, nowMs) ? [{ event, how: 'again' }] : [];
  });
}

/** Told a day ago; or on a day that has not come yet, by a clock that was wrong then. */
const isOld = ({ toldMs }: ToldFault, nowMs: number): boolean =>
  nowMs - toldMs >= REPEAT_MS || toldMs - nowMs >= 2 * REPEAT_MS;

/** What is over because something worse has come is no good news; nor is an array whole that is not there. */
const healed = (facts: NoticeFacts, before: readonly ToldFault[]): readonly DueEvent[] =>
  isOverNow(facts, before)
    .filter(({ event }) => !isWorseNow(event, facts))
    .map(({ event }) => ({
      event: isThere(event, facts) ? event : { ...event, detail: NOT_THERE },
      how: 'healed',
    }));

/** How little of an array can be used. */
const GRAVITY: Readonly<Partial<Record<StandingKind, number>>> = {
  degraded: 1,
  'array-failed': 2,
  'not-started': 3,
  'question-open': 3,
};

function isWorseNow({ kind, array }: NoticeEvent<StandingKind>, { standing }: NoticeFacts): boolean {
  const was = GRAVITY[kind];
  return (
    was !== undefined &&
    standing.some((now) => now.array?.uuid === array?.uuid && (GRAVITY[now.kind] ?? 0) >= was)
  );
}

const isThere = ({ kind, array }: NoticeEvent<StandingKind>, { arrays }: NoticeFacts): boolean =>
  GRAVITY[kind] === undefined || arrays.some(({ uuid, isRunning }) => uuid === array?.uuid && isRunning);

function isOverNow({ standing, isWhole }: NoticeFacts, before: readonly ToldFault[]): readonly ToldFault[] {
  if (!isWhole) return [];
  const keys = new Set(standing.map(({ key }) => key));
  return before.filter(({ event }) => !keys.has(event.key));
}

function rememberFaults(
  standing: readonly NoticeEvent<StandingKind>[],
  facts: NoticeFacts,
  before: readonly ToldFault[],
): readonly ToldFault[] {
  const over = new Set(isOverNow(facts, before).map(({ event }) => event.key));
  const now = standing.map((event): ToldFault => {
    const former = before.find((one) => one.event.key === event.key);
    const toldMs = former === undefined || isOld(former, facts.nowMs) ? facts.nowMs : former.toldMs;
    return { event, toldMs };
  });
  const keys = new Set(standing.map(({ key }) => key));
  const unseen = before.filter(({ event }) => !keys.has(event.key) && !over.has(event.key));
  return [...now, ...unseen].slice(0, MAX_FAULTS);
}

/** The same thing twice is once, with all its disks. */
function mergeWaiting(events: readonly NoticeEvent[]): readonly NoticeEvent[] {
  const byKey = new Map<string, NoticeEvent>();
  for (const event of events) {
    const former = byKey.get(event.key);
    const disks = [...new Set([...(former?.disks ?? []), ...event.disks])].slice(0, 16);
    byKey.set(event.key, { ...event, disks });
  }
  return [...byKey.values()].slice(0, MAX_WAITING);
}

function gapLeftMs(sentMs: readonly number[], nowMs: number): number {
  const [last] = sentMs;
  // The clock has gone back: nobody knows how long ago it was.
  if (last === undefined || last > nowMs) return 0;
  const inLastHour = sentMs.filter((each) => nowMs - each < HOUR_MS && each <= nowMs).length;
  return Math.max(0, last + (inLastHour >= MAX_SENT ? STORM_GAP_MS : GAP_MS) - nowMs);
}

function unique<T extends NoticeEvent>(events: readonly T[]): readonly T[] {
  return [...new Map([...events].reverse().map((event) => [event.key, event] as const)).values()].reverse();
}
