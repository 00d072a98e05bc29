import { comesUp, type Explanation } from '../../explain/explanation.ts';
import type { Forecast } from '../../explain/simulate-boot.ts';
import { stageForecasts } from '../../explain/stage-verdicts.ts';
import { BOOT_STAGES, type BootStage } from '../../inspect/finding.ts';
import { wrap } from '../../text/lines.ts';
import { stagesValue } from './explain-json.ts';
import { sentence } from './explain-text.ts';
import { findingLines } from './finding-text.ts';

const VERIFY_SCHEMA = 'reliable-raid/verify/1';

/** Each stage of the next boot in a line or more. 79 columns, safe for a console, commands aside. */
export function renderVerification(explanation: Explanation): string {
  const [forecast] = explanation.forecasts;
  if (forecast === undefined) return '';
  const lines = BOOT_STAGES.flatMap((stage) => stageLines(stage, forecast, explanation));
  const end = comesUp(explanation)
    ? 'Everything is in place for the next boot.'
    : 'The next boot is not certain: see above.';
  return [...lines, '', ...wrap(end)].join('\n');
}

function stageLines(stage: BootStage, forecast: Forecast, explanation: Explanation): readonly string[] {
  const found = (forecast.findings ?? []).filter((one) => one.stage === stage);
  if (stage === 'arrays')
    return [
      ...wrap(`  arrays: ${sentence({ ...forecast, findings: [] }, explanation)}`),
      ...findingLines(found),
    ];
  if (found.length > 0) return findingLines(found);
  const isKnown = stageForecasts(forecast).some((one) => one.stage === stage && one.verdict === 'goes-on');
  return [isKnown ? `  ${stage}: ok.` : `  ${stage}: not known, since the stage before it is not.`];
}

/** For programs. */
export function renderVerificationJson(explanation: Explanation): string {
  const [forecast] = explanation.forecasts;
  const stages = forecast === undefined ? [] : stagesValue(forecast);
  return JSON.stringify({ schema: VERIFY_SCHEMA, ok: comesUp(explanation), stages }, null, 1);
}
