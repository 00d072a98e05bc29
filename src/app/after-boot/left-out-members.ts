import { isRunning, type Snapshot } from '../../core/snapshot/snapshot.ts';
import type { Machine } from '../machine.ts';
import { gate } from '../rejoin/gate.ts';

const START_MS = 10_000;

/**
 * Has those re-added that md left out when it started their arrays: a copy that mdadm was handed before the newer ones came is put out
 * without an event of its own, so that udev never asks the gate again. Kernel names of those that may join.
 */
export async function rejoinLeftOut(
  machine: Machine,
  { members, arrays }: Snapshot,
): Promise<readonly string[]> {
  const { files, paths, runner } = machine;
  const degraded = new Set(
    arrays
      .filter((array) => !array.external && isRunning(array) && (array.degraded ?? 0) > 0)
      .map(({ uuid }) => uuid),
  );
  const rejoining: string[] = [];
  for (const { device, boundTo, isHeld, superblock } of members) {
    if (boundTo !== null || isHeld === true || !degraded.has(superblock.arrayUuid)) continue;
    if ((await gate(machine, { device, version: null })).gate !== 'readd') continue;
    const number = await files.readText(`${paths.sys}/class/block/${device}/dev`);
    if (number === null) continue;
    const unit = `reliable-raid-readd@${number.trim()}.service`;
    const { status } = await runner.run(['systemctl', '--no-block', 'start', unit], { timeoutMs: START_MS });
    if (status === 0) rejoining.push(device);
  }
  return rejoining;
}
