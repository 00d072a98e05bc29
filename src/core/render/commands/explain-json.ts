import { comesUp, type Explanation, endsAt } from '../../explain/explanation.ts';
import type { ArrayForecast, Forecast } from '../../explain/simulate-boot.ts';
import { stageForecasts } from '../../explain/stage-verdicts.ts';
import { failureWords } from '../console/boot-messages.ts';
import { reasonWords } from '../console/reason.ts';
import { sentence } from './explain-text.ts';
import { findingJson } from './finding-json.ts';

const EXPLAIN_SCHEMA = 'reliable-raid/explain/1';

/** For programs; texts that come from disks are as they are, only `text` is made for a console. Times in milliseconds. */
export const renderExplanationJson = (explanation: Explanation): string =>
  JSON.stringify(explanationValue(explanation), null, 1);

/** The same as a value, for what holds it. */
export function explanationValue(explanation: Explanation): object {
  const cases = explanation.forecasts.map((forecast) => ({
    without: forecast.taken.map((device) => ({ device, ...explanation.disks.get(device)?.identity })),
    outcome: endsAt(forecast) === null || forecast.outcome !== 'up' ? forecast.outcome : 'stops',
    stopsAt: endsAt(forecast),
    stages: stagesValue(forecast),
    rootAfterMs: forecast.rootAfterMs,
    endAfterMs: forecast.endAfterMs,
    stopsAtLayer: forecast.stopsAtLayer,
    passphrase: forecast.passphrase,
    mounts: forecast.mounts,
    arrays: forecast.arrays.map(arrayOf),
    text: sentence(forecast, explanation),
  }));
  return {
    schema: EXPLAIN_SCHEMA,
    comesUp: comesUp(explanation),
    assumed: { cleanShutdown: true, sameKernelCommandLine: true, passphrasesTypedAtOnce: true },
    cases,
  };
}

/** Each stage of the boot with what was found there. */
export const stagesValue = (forecast: Forecast): readonly object[] =>
  stageForecasts(forecast).map(({ stage, verdict, findings }) => ({
    ...{ stage, verdict },
    findings: findings.map(findingJson),
  }));

function arrayOf({ array, verdict, failure, slotCount: raidDevices, ...forecast }: ArrayForecast): unknown {
  const { uuid, name, devicePath, level, layer, neededBy } = array;
  return {
    ...{ uuid, name, devicePath, level, raidDevices, layer, neededBy },
    verdict: verdict.kind,
    unsafe:
      verdict.kind === 'unsafe' ? { code: verdict.reason.code, text: reasonWords(verdict.reason) } : null,
    ...forecast,
    failure: failure === null ? null : failureWords(failure),
  };
}
