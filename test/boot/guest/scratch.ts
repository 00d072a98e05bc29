// Folders below the system's temporary one, for guests' disks: what a run that was killed leaves there is gigabytes.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './running-process.ts';

/** `reliable-raid-KIND-PID-` and six characters. */
const OF_A_RUN = /^reliable-raid-[a-z]+-(\d+)-\w{6}$/;

/** A new folder, which goes when this process ends; the first one also removes those of processes that are gone. */
export function scratchFolder(kind: string): string {
  removeOfTheDead();
  const folder = mkdtempSync(join(tmpdir(), `reliable-raid-${kind}-${process.pid}-`));
  made.push(folder);
  return folder;
}

const made: string[] = [];
process.on('exit', () => {
  for (const folder of made) removed(folder);
});

function removeOfTheDead(): void {
  if (made.length > 0) return;
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = OF_A_RUN.exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid))) removed(join(tmpdir(), name));
  }
}

/** Another user's stays. */
function removed(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {}
}
