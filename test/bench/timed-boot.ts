// Boots a guest up to its mounted root and tells when, in guest seconds by the kernel's own stamps.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineCost } from '../../src/core/report/report-file.ts';
import type { Guest } from '../boot/guest/guest.ts';
import { readReport } from '../boot/scenario/collect.ts';
import type { Lane, Machine } from '../boot/vm/machine.ts';
import { startMachine } from '../boot/vm/start-machine.ts';

export interface BootCase {
  readonly title: string;
  readonly lane: Lane;
  readonly absent: readonly string[];
  /** When the absent disk is plugged in: seconds after the first such line on the console. */
  readonly late?: { readonly seconds: number; readonly after: RegExp };
  readonly kernelArguments?: readonly string[];
  /** Wait for the running system, to read the engine's cost from its report. */
  readonly askEngine?: boolean;
}

export interface TimedBoot {
  /** Kernel seconds at which root was mounted. */
  readonly mountedAt: number;
  /** Kernel seconds at which the late disk was seen, for late cases. */
  readonly arrivedAt: number | undefined;
  /** What the report says the engine cost; undefined where none ran or it was not asked for. */
  readonly engine: EngineCost | undefined;
}

const MOUNTED = /\[\s*(\d+\.\d+)\] EXT4-fs \(\S+\): mounted filesystem/;
/** The kernel's line about the disk that was plugged in last. */
const ATTACHED = /\[\s*(\d+\.\d+)\] sd \S+ \[\w+\] Attached SCSI disk/g;
/** Stock dracut takes three minutes and more without a disk. */
const LIMIT_SECONDS = 360;

export async function timedBoot(guest: Guest, bootCase: BootCase): Promise<TimedBoot> {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-bench-'));
  const machine = await startMachine(bootCase.lane, {
    guest,
    folder,
    absent: bootCase.absent,
    // Debian's user-mode kernel stamps no line by itself
    kernelArguments: ['printk.time=1', ...(bootCase.kernelArguments ?? [])],
    memoryMiB: 1024,
  });
  try {
    const signal = AbortSignal.timeout(LIMIT_SECONDS * 1000);
    const { late } = bootCase;
    let pluggedAt: number | undefined;
    if (late !== undefined) {
      await machine.console.waitFor(late.after, 0, signal);
      const plugAt = (machine.guestSeconds ?? 0) + late.seconds;
      while ((machine.guestSeconds ?? 0) < plugAt) await new Promise((resolve) => setTimeout(resolve, 20));
      for (const disk of bootCase.absent) await machine.plug(disk);
      pluggedAt = machine.guestSeconds;
    }
    await machine.console.waitFor(MOUNTED, 0, signal);
    const text = machine.console.lines.map((line) => line.text).join('\n');
    const arrivals = [...text.matchAll(ATTACHED)].map((match) => Number(match[1]));
    return {
      mountedAt: Number(MOUNTED.exec(text)?.[1]),
      // the kernel of user-mode Linux says nothing of a disk that comes
      arrivedAt: late === undefined ? undefined : (arrivals.at(-1) ?? pluggedAt),
      engine: bootCase.askEngine === true ? await engineCost(machine, signal) : undefined,
    };
  } finally {
    await machine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function engineCost(machine: Machine, signal: AbortSignal): Promise<EngineCost | undefined> {
  await machine.shellLine.waitFor(/test-shell/, 0, signal);
  const { code, output } = await machine.shell.run('cat /run/reliable-raid/boot.json');
  if (code !== 0) return undefined;
  return readReport(output).engine ?? undefined;
}
