import type { Machine } from '../machine.ts';
import { runPath } from '../own-places.ts';
import { gate } from '../rejoin/gate.ts';

const TRIGGER_MS = 10_000;

/**
 * Judges again what the gate holds: another member may have come, its array may run by now. What it would let go is announced anew,
 * so that udev asks it itself, and goes on as with any device. Kernel names of those.
 */
export async function releaseHeld(machine: Machine): Promise<readonly string[]> {
  const { files, paths, runner } = machine;
  const released: string[] = [];
  for (const device of await files.list(runPath(paths, 'held'))) {
    const node = `${paths.sys}/class/block/${device}`;
    if (!(await files.exists(node))) {
      await files.remove(`${runPath(paths, 'held')}/${device}`);
      continue;
    }
    const answer = await gate(machine, { device, version: null });
    if (answer.gate === 'hold') continue;
    const { status } = await runner.run(['udevadm', 'trigger', '--action=change', node], {
      timeoutMs: TRIGGER_MS,
    });
    if (status === 0) released.push(device);
  }
  return released;
}
