// What a boot decided, as data that can be compared with another boot of the same scenario: in the other lane, or of another version.
// Times are not part of it: they follow the speed of the machine, and each scenario bounds its own by the report's clock.
import type { Report } from '../../../src/core/report/report-file.ts';
import type { Outcome } from './outcome.ts';

type Seen = Pick<Outcome, 'ending' | 'report' | 'arrays' | 'prompts'>;

/** What else the report holds is how it came to these: commands, members, looks, and notices, which a slow machine skips. */
const DECIDED = new Set([
  'array-started',
  'start-failed',
  'not-startable',
  'asked',
  'answered',
  'shell-opened',
  'shell-denied',
  'shell-left',
  'handover',
  'finished',
]);

/** In their order: what was decided, and about which array, by its place in the report: its UUID is another on each installation. */
export function decisionsOf(report: Report | undefined): readonly string[] {
  if (report === undefined) return [];
  const placeOf = (uuid: string) => `array ${report.arrays.findIndex((array) => array.uuid === uuid) + 1}`;
  return report.timeline
    .filter(({ kind }) => DECIDED.has(kind))
    .map((entry) => {
      const array = 'array' in entry && typeof entry.array === 'string' ? placeOf(entry.array) : null;
      const degraded = 'degraded' in entry && entry.degraded ? 'degraded' : null;
      return [entry.kind, array, degraded].filter((word) => word !== null).join(' ');
    });
}

/** In what two boots differ; nothing if they decided alike. */
export function differences(one: Seen, other: Seen): readonly string[] {
  const [left, right] = [decisionsOf(one.report).join(', '), decisionsOf(other.report).join(', ')];
  const found: string[] = [];
  if (one.ending !== other.ending) found.push(`it ends with ${one.ending}, the other with ${other.ending}`);
  if (one.prompts !== other.prompts) found.push(`${one.prompts} prompts, the other ${other.prompts}`);
  for (const name of new Set([...Object.keys(one.arrays), ...Object.keys(other.arrays)])) {
    const [mine, theirs] = [one.arrays[name]?.degraded, other.arrays[name]?.degraded];
    if (mine !== theirs) found.push(`${name} lacks ${mine} members, the other ${theirs}`);
  }
  return left === right ? found : [...found, `${left}; the other: ${right}`];
}
