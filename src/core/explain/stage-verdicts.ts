import { BOOT_STAGES, type BootStage, type Finding, isGrave } from '../inspect/finding.ts';
import { endsAt } from './explanation.ts';
import type { Forecast } from './simulate-boot.ts';

export type StageVerdict = 'goes-on' | 'asks' | 'stops' | 'unknown';

export interface StageForecast {
  readonly stage: BootStage;
  readonly verdict: StageVerdict;
  readonly findings: readonly Finding[];
  /** An earlier stage ends the boot. */
  readonly isReached: boolean;
}

/** Each stage of the boot with what was found there; `arrays` has what the forecast's `outcome` and `arrays` say. */
export function stageForecasts(forecast: Forecast): readonly StageForecast[] {
  const { outcome, findings = [] } = forecast;
  const end = endsAt(forecast);
  const last = end === null ? BOOT_STAGES.length : BOOT_STAGES.indexOf(end);
  return BOOT_STAGES.map((stage, index) => {
    const found = findings.filter((one) => one.stage === stage);
    const grades = new Set(found.map(({ grade }) => grade));
    const ends = grades.has('stop') || (stage === 'arrays' && outcome === 'stops');
    const asks = stage === 'arrays' && outcome === 'asks';
    // Nobody looked into a boot loader that the firmware does not find, or that is not known.
    const isUnseen = stage === 'loader' && findings.some((one) => one.stage === 'firmware' && isGrave(one));
    const isUnknown = grades.has('unknown') || isUnseen;
    const verdict = ends ? 'stops' : asks ? 'asks' : isUnknown ? 'unknown' : 'goes-on';
    return { stage, verdict, findings: found, isReached: index <= last };
  });
}
