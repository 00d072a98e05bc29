import { comesUp, type Explanation } from '../../explain/explanation.ts';
import type { ArrayForecast } from '../../explain/simulate-boot.ts';
import { failureWords } from '../console/boot-messages.ts';
import { reasonWords } from '../console/reason.ts';
import { sentence } from './explain-text.ts';

const EXPLAIN_SCHEMA = 'reliable-raid/explain/1';

/** For programs; texts that come from disks are as they are, only `text` is made for a console. Times in milliseconds. */
export function renderExplanationJson(explanation: Explanation): string {
  const cases = explanation.forecasts.map((forecast) => ({
    without: forecast.taken.map((device) => ({ device, ...explanation.disks.get(device)?.identity })),
    outcome: forecast.outcome,
    rootAfterMs: forecast.rootAfterMs,
    endAfterMs: forecast.endAfterMs,
    stopsAtLayer: forecast.stopsAtLayer,
    passphrase: forecast.passphrase,
    mounts: forecast.mounts,
    arrays: forecast.arrays.map(arrayOf),
    text: sentence(forecast, explanation),
  }));
  const report = {
    schema: EXPLAIN_SCHEMA,
    comesUp: comesUp(explanation),
    assumed: { cleanShutdown: true, sameKernelCommandLine: true, passphrasesTypedAtOnce: true },
    cases,
  };
  return JSON.stringify(report, null, 1);
}

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
