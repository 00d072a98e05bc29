import type { Explanation } from '../../explain/explanation.ts';
import { stageForecasts } from '../../explain/stage-verdicts.ts';
import type { Finding } from '../../inspect/finding.ts';
import { sentence } from '../commands/explain-text.ts';
import { findingText } from '../commands/finding-text.ts';

/**
 * Where the next boot ends with the disks that are present now, waits for an answer, or has nobody who decides: half a sentence, safe for a
 * console. Null where it comes up for all that is known: what nobody can tell wakes nobody.
 */
export function nextBootFault(explanation: Explanation): string | null {
  const [forecast] = explanation.forecasts;
  if (forecast === undefined) return null;
  const end = stageForecasts(forecast).find(
    ({ verdict, findings }) => verdict === 'stops' || verdict === 'asks' || findings.some(isFault),
  );
  if (end === undefined) return null;
  const finding = end.findings.find(isFault);
  if (finding !== undefined) return findingText(finding).text;
  return sentence({ ...forecast, findings: [] }, explanation).replace(/\.$/, '');
}

const isFault = (finding: Finding): boolean =>
  finding.grade === 'stop' ||
  (finding.stage === 'image' && finding.grade === 'unknown' && finding.code === 'no-engine');
