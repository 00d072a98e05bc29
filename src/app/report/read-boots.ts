import {
  type BootReports,
  type KeptBoot,
  MAX_KEPT_BYTES,
  parseKeptBoot,
} from '../../core/report/kept-boot.ts';
import type { Report } from '../../core/report/report-file.ts';
import type { Machine } from '../machine.ts';
import { keptBootsFolder, ledgerPlaces } from '../own-places.ts';
import { readBootReport } from '../read/boot-report.ts';
import { dateMs } from '../read/wall-clock.ts';

type Sources = Pick<Machine, 'files' | 'paths'>;

/** A file of a kept boot, by its number: the order in which they were, whatever the clock said. */
export interface KeptFile {
  readonly path: string;
  readonly number: number;
}

/** The files of kept boots, the oldest first; what else lies in the folder is nobody's business. */
export async function keptFiles({ files, paths }: Sources): Promise<readonly KeptFile[]> {
  const folder = keptBootsFolder(ledgerPlaces(paths));
  return (await files.list(folder))
    .filter((name) => /^\d{8}\.json$/.test(name))
    .map((name) => ({ path: `${folder}/${name}`, number: Number(name.slice(0, 8)) }))
    .sort((a, b) => a.number - b.number);
}

export interface FoundBoots {
  /** The present one first, then the former ones, the newest first. */
  readonly boots: readonly KeptBoot[];
  /** What could not be read, and why: the parts of a line. */
  readonly faults: readonly string[];
}

/** What is known of the last boots. */
export async function readBoots(machine: Sources): Promise<FoundBoots> {
  const faults: string[] = [];
  const now = await readThisBoot(machine, faults);
  const former: KeptBoot[] = [];
  for (const { path } of [...(await keptFiles(machine))].reverse()) {
    const boot = await readKeptBoot(machine, path, faults);
    if (boot !== null && boot.bootId !== now.bootId) former.push(boot);
  }
  return { boots: [now, ...former], faults };
}

export async function readKeptBoot(
  { files }: Sources,
  path: string,
  faults: string[],
): Promise<KeptBoot | null> {
  const read = await files.readTextOrReason(path, MAX_KEPT_BYTES + 1);
  if ('reason' in read) {
    faults.push(`${path}: ${read.reason === 'denied' ? 'may be read by root only' : read.detail}`);
    return null;
  }
  const parsed = parseKeptBoot(read.text, path);
  if (!parsed.ok) faults.push(`${parsed.at}: ${parsed.why}`);
  return parsed.ok ? parsed.value : null;
}

/** The boot that this system came up with, from what its stages wrote. */
export async function readThisBoot(machine: Sources, faults: string[]): Promise<KeptBoot> {
  const { files, paths } = machine;
  const bootId = (await files.readText(`${paths.proc}/sys/kernel/random/boot_id`))?.trim() ?? '';
  const [nowMs, uptime] = [await dateMs(machine), await files.readText(`${paths.proc}/uptime`)];
  const upMs = Number(/^\d+(?:\.\d+)?/.exec(uptime ?? '')?.[0] ?? 0) * 1000;
  const before = faults.length;
  const reports = await readReports(machine, faults);
  return {
    bootId: bootId.slice(0, 64),
    bootedAtMs: nowMs === 0 ? null : Math.max(0, Math.round(nowMs - upMs)),
    isWhole: faults.length === before,
    cutEntries: 0,
    reports,
  };
}

async function readReports(machine: Sources, faults: string[]): Promise<BootReports> {
  const one = async (name: 'arrays.json' | 'boot.json' | 'start.json'): Promise<Report | null> => {
    const report = await readBootReport(machine, name);
    if (!report.ok) faults.push(`${report.at}: ${report.why}`);
    return report.ok ? report.value : null;
  };
  return { image: await one('boot.json'), others: await one('arrays.json'), byHand: await one('start.json') };
}
