import type { MdUuid } from '../md/md-uuid.ts';
import type { KeptBoot } from '../report/kept-boot.ts';
import type { WatchedArray } from '../watchlist/watchlist.ts';

/** A member of an array came late in a former boot, so late that the array may be started without it another time. */
export interface LateMemberFinding {
  readonly stage: 'arrays';
  readonly grade: 'note';
  readonly code: 'late';
  readonly array: WatchedArray;
  /** Kernel name that it had in that boot. */
  readonly device: string;
  /** From the moment when the search for devices began. */
  readonly cameAfterMs: number;
  /** Milliseconds since 1970; null where the machine did not know. */
  readonly bootedAtMs: number | null;
  /** Long enough a wait, in whole seconds. */
  readonly enoughS: number;
}

/** Beyond this part of the wait a disk that comes a little later still is left out. */
const CLOSE = 0.75;

/** The next time it may take half as long again. */
const MARGIN = 1.5;
const STEP_S = 5;

/** By array, the disk that came last of all in the boots that are known, where the wait was close to its end. */
export function judgeLateMembers(
  boots: readonly KeptBoot[],
  arrays: readonly WatchedArray[],
): readonly LateMemberFinding[] {
  const latest = new Map<MdUuid, Pick<LateMemberFinding, 'device' | 'cameAfterMs' | 'bootedAtMs'>>();
  for (const { bootedAtMs, reports } of boots) {
    if (reports.image === null) continue;
    const { discoveryAtMs, timeline } = reports.image;
    for (const entry of timeline) {
      if (entry.kind !== 'member-arrived') continue;
      const cameAfterMs = entry.atMs - discoveryAtMs;
      if (cameAfterMs <= (latest.get(entry.array)?.cameAfterMs ?? 0)) continue;
      latest.set(entry.array, { device: entry.device, cameAfterMs, bootedAtMs });
    }
  }
  return arrays.flatMap((array): LateMemberFinding[] => {
    const late = latest.get(array.uuid);
    // A layer's own wait begins when the one below runs.
    if (late === undefined || array.standsOn.length > 0 || array.behindPassphrase) return [];
    if (late.cameAfterMs <= array.waitMs * CLOSE) return [];
    const enoughS = Math.ceil((late.cameAfterMs * MARGIN) / 1000 / STEP_S) * STEP_S;
    return [{ stage: 'arrays', grade: 'note', code: 'late', array, ...late, enoughS }];
  });
}
