import type { MachineReport } from '../../core/render/report/machine-report.ts';
import type { DiskNames } from '../../core/render/report/redaction.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { explainList, LOOK } from '../inspect/explain.ts';
import { unexplainedLines } from '../inspect/unexplained.ts';
import type { Machine } from '../machine.ts';
import { dateMs } from '../read/wall-clock.ts';
import { type Resolution, resolve } from '../watchlist/resolve.ts';
import { readBoots } from './read-boots.ts';

export interface FoundReport {
  readonly report: MachineReport;
  /** What the disks of this machine are called, for who wants that left out. */
  readonly disks: readonly DiskNames[];
}

/** `reliable-raid report`: the last boots, what the boot stands on, what the next one would do. Changes nothing. */
export async function makeReport(machine: Machine): Promise<FoundReport> {
  const { files, paths } = machine;
  const { boots, faults } = await readBoots(machine);
  const resolution = await resolve(machine, LOOK);
  const { result, warnings } = await explainList(machine, { without: [], each: true }, resolution);
  const { watchlist } = resolution;
  const unexplained = result.kind === 'explained' ? [] : unexplainedLines(result);
  const report: MachineReport = {
    nowMs: await dateMs(machine),
    hostName: (await files.readText(`${paths.proc}/sys/kernel/hostname`))?.trim() ?? '',
    boots,
    list: watchlist.ok ? watchlist.value : null,
    nextBoot: result.kind === 'explained' ? result.explanation : null,
    warnings: [...faults.map((fault) => escapeForConsole(fault, 300)), ...warnings, ...unexplained],
    isRedacted: false,
  };
  return { report, disks: disksOf(resolution) };
}

function disksOf({ block }: Pick<Resolution, 'block'>): readonly DiskNames[] {
  if (block === null) return [];
  return [...block.graph.values()].flatMap(({ id, kind, device }) => {
    if (kind !== 'disk') return [];
    const names = block.byIdNames.get(id) ?? [];
    return [{ serials: device?.serial ? [device.serial] : [], names }];
  });
}
