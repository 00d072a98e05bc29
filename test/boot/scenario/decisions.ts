// What a boot decided, as data that can be compared with another boot of the same scenario: in the other lane, or of another version.
import type { Report } from '../../../src/core/report/report-file.ts';
import type { Outcome } from './outcome.ts';

/** One decision: what, about which array, and when by the report's own clock. */
export interface Decision {
  readonly what: string;
  /** Seconds since device discovery began. */
  readonly atSeconds: number;
}

type Seen = Pick<Outcome, 'ending' | 'report' | 'arrays' | 'prompts'>;

/** What else the report holds is how it came to these: commands, members, looks. */
const DECIDED = new Set([
  'array-started',
  'start-failed',
  'not-startable',
  'notice',
  'deadline',
  'asked',
  'answered',
  'shell-opened',
  'shell-denied',
  'shell-left',
  'handover',
  'finished',
]);

/** How far apart the same decision may be in two boots: steps of a person come when a text is seen. */
export const TOLERATED_SECONDS = 3;

export function decisionsOf(report: Report | undefined): readonly Decision[] {
  if (report === undefined) return [];
  return report.timeline
    .filter(({ kind }) => DECIDED.has(kind))
    .map((entry) => {
      const array = 'array' in entry ? entry.array : null;
      const degraded = 'degraded' in entry && entry.degraded ? 'degraded' : null;
      return {
        what: [entry.kind, array, degraded].filter((word) => word !== null).join(' '),
        atSeconds: (entry.atMs - report.discoveryAtMs) / 1000,
      };
    });
}

/** In what two boots differ; nothing if they decided alike. */
export function differences(one: Seen, other: Seen): readonly string[] {
  const [left, right] = [decisionsOf(one.report), decisionsOf(other.report)];
  const found: string[] = [];
  if (one.ending !== other.ending) found.push(`it ends with ${one.ending}, the other with ${other.ending}`);
  if (one.prompts !== other.prompts) found.push(`${one.prompts} prompts, the other ${other.prompts}`);
  for (const name of new Set([...Object.keys(one.arrays), ...Object.keys(other.arrays)])) {
    const [mine, theirs] = [one.arrays[name]?.degraded, other.arrays[name]?.degraded];
    if (mine !== theirs) found.push(`${name} lacks ${mine} members, the other ${theirs}`);
  }
  const words = (decisions: readonly Decision[]) => decisions.map(({ what }) => what).join(', ');
  if (words(left) !== words(right)) return [...found, `${words(left)}; the other: ${words(right)}`];
  for (const [index, { what, atSeconds }] of left.entries()) {
    const apart = Math.abs(atSeconds - (right[index]?.atSeconds ?? Number.NaN));
    if (!(apart <= TOLERATED_SECONDS)) found.push(`${what}: ${apart.toFixed(1)} s apart`);
  }
  return found;
}
