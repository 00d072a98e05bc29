// How many machines run at a time on a host, whoever started them: more would starve each other.
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../guest/cache.ts';
import { say } from '../guest/progress.ts';
import { isRunning } from '../guest/running-process.ts';
import type { Lane } from './machine.ts';

/** Emulated machines starve each other beyond two; user-mode ones mostly wait. */
const slots: Readonly<Record<Lane, readonly string[]>> = {
  qemu: ['machine-1', 'machine-2'],
  'user-mode': ['user-mode-1', 'user-mode-2', 'user-mode-3', 'user-mode-4'],
};

/** Waits for a free slot; the result frees it again. A slot whose owner is gone is free. */
export async function takeMachineSlot(lane: Lane): Promise<() => void> {
  mkdirSync(cacheRoot(), { recursive: true });
  for (let told = false; ; told = true) {
    for (const slot of slots[lane]) {
      const free = tryTake(join(cacheRoot(), slot));
      if (free !== undefined) return free;
    }
    if (!told) say('waiting: enough machines run already');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function tryTake(path: string): (() => void) | undefined {
  const owner = ownerOf(path);
  if (owner !== undefined && isRunning(owner)) return undefined;
  if (owner !== undefined) rmSync(path, { force: true });
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, path);
  } catch {
    return undefined;
  } finally {
    rmSync(mine, { force: true });
  }
  const free = () => {
    process.off('exit', free);
    rmSync(path, { force: true });
  };
  process.on('exit', free);
  return free;
}

function ownerOf(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
