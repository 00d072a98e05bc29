import type { EngineCost } from '../../core/report/report-file.ts';
import type { Machine } from '../machine.ts';

/** What this process has cost so far, by the kernel's account of it. */
export async function readEngineCost(
  { files, paths }: Pick<Machine, 'files' | 'paths'>,
  firstDecisionAtMs: number | null,
): Promise<EngineCost> {
  const self = `${paths.proc}/self`;
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec((await files.readText(`${self}/status`)) ?? '');
  // The name of the program, in brackets, may hold blanks; field 22 is the 20th after it, in hundredths of a second.
  const stat = (await files.readText(`${self}/stat`)) ?? '';
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return {
    processStartedAtMs: ticks === undefined ? null : Number(ticks) * 10,
    firstDecisionAtMs,
    peakMemoryKiB: peak === null ? null : Number(peak[1]),
  };
}
