// Whether a boot went as `explain` had said on the machine before.
import { leastWatchMs } from '../../../src/core/engine/deadlines.ts';
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
  /** By how much an emulated processor started the engine later than the search for devices. */
  readonly lateSeconds: number | null;
  readonly problems: readonly string[];
}

/** Where a boot that `explain` ends at a stage is last seen. */
const SEEN_AT: Readonly<Record<string, readonly Reached[]>> = {
  firmware: ['firmware'],
  loader: ['loader', 'firmware'],
  // It starts, and refuses an array.
  kernel: ['kernel', 'image', 'arrays'],
  image: ['kernel', 'image', 'arrays'],
  arrays: ['image', 'arrays'],
  'after-root': ['emergency'],
};

/** `waitMs`: the completion wait that the machine is told. */
export function judgeRow(told: ToldCase, seen: Seen, waitMs: number): Judgement {
  const isUnknown = told.stages.some(({ verdict }) => verdict === 'unknown');
  const promised: Promised =
    told.stopsAt !== null || told.outcome !== 'up' ? 'not-up' : isUnknown ? 'unknown' : 'up';
  const isUp = seen.reached === 'system';
  const problems: string[] = [];
  if (promised === 'up' && !isUp) problems.push(`it was said to come up, and ended at: ${seen.reached}`);
  if (promised === 'not-up' && isUp) problems.push(`it was said to end at ${told.stopsAt}, and came up`);
  if (promised === 'not-up' && !isUp && SEEN_AT[told.stopsAt ?? 'arrays']?.includes(seen.reached) === false)
    problems.push(`it was said to end at ${told.stopsAt}, and ended at: ${seen.reached}`);
  const times = timesOf(told, seen, waitMs);
  if (times !== null && !isInTime(times))
    problems.push(`said: after ${times.told} s; seen: after ${times.seen.toFixed(1)} s`);
  return {
    promised,
    toldEnd: told.stopsAt,
    toldSeconds: times?.told ?? null,
    seenSeconds: times?.seen ?? null,
    lateSeconds: times?.late ?? null,
    problems,
  };
}

interface Times {
  readonly told: number;
  readonly seen: number;
  readonly late: number;
  /** What was said, for an engine that starts so late: a wait ends some seconds after its first look at the earliest (docs/adr/0017). */
  readonly due: number;
}

/** Until root could be mounted, by the report's clock; until systemd gave up on a device, by the journal's. null where neither is to be compared. */
function timesOf(told: ToldCase, seen: Seen, waitMs: number): Times | null {
  if (seen.reached === 'emergency' && told.stopsAt === 'after-root') {
    const waits = told.stages
      .flatMap(({ findings }) => findings)
      .flatMap(({ grade, waitMs }) => (grade === 'stop' && typeof waitMs === 'number' ? [waitMs] : []));
    if (waits.length === 0 || seen.gaveUpAfterSeconds === null) return null;
    const after = Math.min(...waits) / 1000;
    return { told: after, seen: seen.gaveUpAfterSeconds, late: 0, due: after };
  }
  const { report } = seen;
  const finished = report?.timeline.findLast(({ kind }) => kind === 'finished');
  if (report === null || finished === undefined || told.rootAfterMs === null) return null;
  const { discoveryAtMs, timeline } = report;
  const began = timeline.find(({ kind }) => kind === 'engine-started')?.atMs ?? discoveryAtMs;
  const lateMs = began - discoveryAtMs;
  const watchedMs = told.rootAfterMs < waitMs ? 0 : lateMs + leastWatchMs(waitMs);
  return {
    told: told.rootAfterMs / 1000,
    seen: (finished.atMs - discoveryAtMs) / 1000,
    late: lateMs / 1000,
    due: Math.max(told.rootAfterMs, watchedMs) / 1000,
  };
}

const isInTime = ({ told, seen, due }: Times): boolean =>
  seen >= told - SLACK_SECONDS && seen <= due + SLACK_SECONDS;
