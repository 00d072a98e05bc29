// Boots a guest up to its mounted root and tells when, in guest seconds by the kernel's own stamps.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Guest } from '../boot/guest/guest.ts';
import { Machine } from '../boot/vm/machine.ts';

export interface BootCase {
  readonly title: string;
  readonly absent: readonly string[];
  /** Seconds after the initramfs begins to mount root at which the absent disk is plugged in. */
  readonly lateSeconds?: number;
}

export interface TimedBoot {
  /** Kernel seconds at which root was mounted. */
  readonly mountedAt: number;
  /** Kernel seconds at which the late disk was seen, for late cases. */
  readonly arrivedAt: number | undefined;
}

const MOUNTED = /\[\s*(\d+\.\d+)\] EXT4-fs \(\S+\): mounted filesystem/;
/** The kernel's line about the disk that was plugged in last. */
const ATTACHED = /\[\s*(\d+\.\d+)\] sd \S+ \[\w+\] Attached SCSI disk/g;
const LIMIT_SECONDS = 240;

export async function timedBoot(guest: Guest, bootCase: BootCase): Promise<TimedBoot> {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-bench-'));
  mkdirSync(folder, { recursive: true });
  const machine = await Machine.start({ guest, folder, absent: bootCase.absent, memoryMiB: 1024 });
  try {
    const signal = AbortSignal.timeout(LIMIT_SECONDS * 1000);
    if (bootCase.lateSeconds !== undefined) {
      await machine.console.waitFor(/Begin: Mounting root file system/, 0, signal);
      const plugAt = (machine.guestSeconds ?? 0) + bootCase.lateSeconds;
      while ((machine.guestSeconds ?? 0) < plugAt) await new Promise((resolve) => setTimeout(resolve, 20));
      for (const disk of bootCase.absent) await machine.plug(disk);
    }
    await machine.console.waitFor(MOUNTED, 0, signal);
    const text = machine.console.lines.map((line) => line.text).join('\n');
    const arrivals = [...text.matchAll(ATTACHED)].map((match) => Number(match[1]));
    return {
      mountedAt: Number(MOUNTED.exec(text)?.[1]),
      arrivedAt: bootCase.lateSeconds === undefined ? undefined : arrivals.at(-1),
    };
  } finally {
    await machine.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

export const imageBytes = (guest: Guest): number => statSync(join(guest.folder, 'initrd')).size;

/** Host seconds that a guest's last change took under user-mode Linux. */
export function changeSeconds(guest: Guest): number {
  const at = (name: string): number => Number(readFileSync(join(guest.folder, name), 'utf8'));
  return at('ended') - at('started');
}
