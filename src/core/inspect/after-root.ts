import type { Need } from '../topology/need.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';
import type { Grade } from './grade.ts';
import type { Demand } from './mount-demands.ts';

/** Something that fstab or crypttab demands and that does not come, or of which nobody knows. */
export interface DemandFinding {
  readonly stage: 'after-root';
  readonly grade: Grade;
  readonly code: 'gone' | 'lost';
  readonly demand: Demand;
  /** The mount that it lies in and that is gone; null where it is its own device. */
  readonly inside: string | null;
}

/** An array that root does not need and that starts degraded once its wait is over, or does not start; `held-back`: since it is so configured. */
export interface LaterArrayFinding {
  readonly stage: 'after-root';
  readonly grade: 'note';
  readonly code: 'degraded' | 'not-started' | 'held-back';
  readonly array: WatchedArray;
  readonly missingRoles: readonly number[];
}

export type AfterRootFinding = DemandFinding | LaterArrayFinding;

/** What of the demands is gone, given what is there; in the order of the files. Network mounts that are only lost count for nothing. */
export function judgeAfterRoot(
  demands: readonly Demand[],
  isThere: (need: Need) => boolean,
): readonly DemandFinding[] {
  const gone = new Map<Demand, string | null>();
  for (const demand of demands)
    if (demand.ways !== null && !demand.ways.some(isThere)) gone.set(demand, null);
  for (let again = true; again; ) {
    again = false;
    for (const demand of demands) {
      if (gone.has(demand)) continue;
      const inside = demand.inside.find((place) => [...gone.keys()].some((one) => isMountedAt(one, place)));
      if (inside === undefined) continue;
      gone.set(demand, inside);
      again = true;
    }
  }
  return demands.flatMap((demand): DemandFinding[] => {
    const inside = gone.get(demand);
    if (inside !== undefined)
      return [{ stage: 'after-root', grade: gradeOf(demand), code: 'gone', demand, inside }];
    if (demand.lost === null || demand.weight === 'optional') return [];
    return [
      {
        ...{ stage: 'after-root', code: 'lost', demand, inside: null },
        grade: demand.weight === 'required' ? 'unknown' : 'note',
      },
    ];
  });
}

const isMountedAt = (demand: Demand, place: string): boolean =>
  demand.kind === 'mount' && demand.name === place;

/** What is only awaited ends no boot, unless it is awaited for ever. */
const gradeOf = ({ weight, waitMs }: Demand): Grade =>
  weight === 'required' || (weight === 'awaited' && waitMs === null) ? 'stop' : 'note';
