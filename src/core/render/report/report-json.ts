import type { KeptBoot } from '../../report/kept-boot.ts';
import { asciiJson } from '../../text/ascii-json.ts';
import { explanationValue } from '../commands/explain-json.ts';
import { bootWords } from './boot-words.ts';
import type { MachineReport } from './machine-report.ts';

export const MACHINE_REPORT_SCHEMA = 'reliable-raid/report/1';

/** The same for programs. ASCII; texts that come from disks are as they are behind JSON's own escapes. */
export function renderReportJson(report: MachineReport): string {
  const { nowMs, hostName, boots, list, nextBoot, warnings, isRedacted } = report;
  const words = bootWords(boots, nowMs);
  return asciiJson({
    schema: MACHINE_REPORT_SCHEMA,
    ...{ nowMs, hostName, isRedacted },
    boots: boots.map((boot, index) => ({ ...plain(boot), text: words[index]?.summary ?? '' })),
    watchlist: list,
    nextBoot: nextBoot === null ? null : explanationValue(nextBoot),
    warnings,
  });
}

const plain = ({ reports, ...boot }: KeptBoot): object => ({ ...boot, ...reports });
