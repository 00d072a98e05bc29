// Whether a boot went as `explain` had said on the machine before.
import type { Reached, Seen } from './power-on.ts';
import type { ToldCase } from './told.ts';

/** Seconds by which a time may differ from what was said. Both are read from the guest's own clock. */
const SLACK_SECONDS = 5;

/** `unknown`: nothing was promised. */
export type Promised = 'up' | 'not-up' | 'unknown';

export interface Judgement {
  readonly promised: Promised;
  /** The stage at which it was said to end; null where it was said to come up, or nothing was said. */
  readonly toldEnd: string | null;
  readonly toldSeconds: number | null;
  readonly seenSeconds: number | null;
  readonly problems: readonly string[];
}

/** Where a boot that `explain` ends at a stage is last seen. */
const SEEN_AT: Readonly<Record<string, readonly Reached[]>> = {
  firmware: ['firmware'],
  loader: ['loader', 'firmware'],
  kernel: ['kernel'],
  image: ['kernel', 'image', 'arrays'],
  arrays: ['image', 'arrays'],
  'after-root': ['emergency'],
};

export function judgeRow(told: ToldCase, seen: Seen): Judgement {
  const isUnknown = told.stages.some(({ verdict }) => verdict === 'unknown');
  const promised: Promised =
    told.stopsAt !== null || told.outcome !== 'up' ? 'not-up' : isUnknown ? 'unknown' : 'up';
  const isUp = seen.reached === 'system';
  const problems: string[] = [];
  if (promised === 'up' && !isUp) problems.push(`it was said to come up, and ended at: ${seen.reached}`);
  if (promised === 'not-up' && isUp) problems.push(`it was said to end at ${told.stopsAt}, and came up`);
  if (promised === 'not-up' && !isUp && SEEN_AT[told.stopsAt ?? 'arrays']?.includes(seen.reached) === false)
    problems.push(`it was said to end at ${told.stopsAt}, and ended at: ${seen.reached}`);
  const times = timesOf(told, seen);
  if (times !== null && !isInTime(times))
    problems.push(`said: after ${times.told} s; seen: after ${times.seen.toFixed(1)} s`);
  return {
    promised,
    toldEnd: told.stopsAt,
    toldSeconds: times?.told ?? null,
    seenSeconds: times?.seen ?? null,
    problems,
  };
}

interface Times {
  readonly told: number;
  readonly seen: number;
}

/** Until root could be mounted, by the report's clock; until systemd gave up on a device, by the journal's. null where neither is to be compared. */
function timesOf(told: ToldCase, seen: Seen): Times | null {
  if (seen.reached === 'emergency' && told.stopsAt === 'after-root') {
    const waits = told.stages
      .flatMap(({ findings }) => findings)
      .flatMap(({ grade, waitMs }) => (grade === 'stop' && typeof waitMs === 'number' ? [waitMs] : []));
    return waits.length === 0 || seen.gaveUpAfterSeconds === null
      ? null
      : { told: Math.min(...waits) / 1000, seen: seen.gaveUpAfterSeconds };
  }
  const finished = seen.report?.timeline.findLast(({ kind }) => kind === 'finished');
  if (seen.report === null || finished === undefined || told.rootAfterMs === null) return null;
  return {
    told: told.rootAfterMs / 1000,
    seen: (finished.atMs - seen.report.discoveryAtMs) / 1000,
  };
}

const isInTime = ({ told, seen }: Times): boolean => Math.abs(seen - told) <= SLACK_SECONDS;
