import type { Snapshot } from '../../snapshot/snapshot.ts';
import { wrap } from '../../text/lines.ts';
import { judgeArray } from '../../verdict/judge-array.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { verdictWords } from '../console/listing.ts';
import { arrayLabel } from '../labels.ts';

/** What `arrays` would do about each array as things are now, and by which words of the configuration. 79 columns, safe for a console. */
export function renderArraysPlan(
  arrays: readonly WatchedArray[],
  snapshot: Snapshot,
  accepted: Parameters<typeof judgeArray>[2],
): string {
  if (arrays.length === 0) return 'No array that root does not need is waiting for a decision.';
  return arrays
    .flatMap((array) => {
      const verdict = judgeArray(array, snapshot, accepted);
      return [
        ...wrap(`array ${arrayLabel(array)}: ${verdictWords(verdict)}`),
        `  UUID ${array.uuid}`,
        ...wrap(`  wait ${array.waitMs / 1000} s, degraded = "${array.degraded}": ${planOf(array, verdict)}`),
      ];
    })
    .join('\n');
}

function planOf({ degraded }: WatchedArray, { kind }: Verdict): string {
  if (kind === 'complete') return 'started';
  if (kind === 'active') return 'nothing to do';
  if (kind === 'unsafe') return 'left alone; "reliable-raid start" asks what only a person can decide';
  if (kind !== 'startable') return 'left alone, since too many members are missing';
  return degraded === 'start'
    ? 'started degraded after the wait'
    : 'left alone; "reliable-raid start" starts it';
}
