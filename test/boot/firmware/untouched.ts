// That `explain` and `verify` write nothing: neither to a disk nor to a variable of the firmware, and no mount stays.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contentHash } from '../guest/cache.ts';
import type { QemuMachine } from '../vm/qemu-machine.ts';

/**
 * All file systems become read-only, as before a crash dump: what is written to a disk from then on is no service's doing. A new ext4 writes
 * its inode tables meanwhile, with rests ten times as long as a write took, read-only or not.
 */
const FREEZE = [
  'for place in $(findmnt --noheadings --raw --output TARGET --types ext4); do mount -o remount,noinit_itable $place; done',
  'sync; echo s >/proc/sysrq-trigger; echo u >/proc/sysrq-trigger; mdadm --wait /dev/md[0-9]*; true',
].join('; ');

/** md marks an array as clean, and clears its bitmap, a while after the last write; an emulated processor takes its time. */
const REST_SECONDS = 45;
const RESTLESS_SECONDS = 180;

const ASK = [
  'reliable-raid explain --each >/run/told; echo "explain $?"',
  'reliable-raid verify >/run/verified; echo "verify $?"',
].join('; ');

/** Read on the running machine, which is not to be used afterwards. `folder`: where its variables are. */
export async function problemsOfTouching(machine: QemuMachine, folder: string): Promise<readonly string[]> {
  await machine.shell.run(FREEZE, 120);
  if (!(await comesToRest(machine))) return ['its disks are written to all the time'];
  const before = await stateOf(machine, folder);
  const { output } = await machine.shell.run(ASK, 300);
  const after = await stateOf(machine, folder);
  const problems = Object.entries(before.writes).flatMap(([disk, count]) =>
    after.writes[disk] === count ? [] : [`explain and verify write to ${disk}`],
  );
  if (Object.keys(before.writes).length === 0) problems.push('the writes to no disk are known');
  if (before.variables !== after.variables)
    problems.push('explain and verify write a variable of the firmware');
  if (before.mounts !== after.mounts) problems.push('explain and verify leave a mount behind');
  if (/^verify 0$/m.test(output)) return problems;
  const { output: said } = await machine.shell.run('cat /run/verified', 60);
  return [...problems, `verify does not exit with 0 on a machine that has just come up:\n${said}`];
}

interface Touchable {
  readonly writes: Readonly<Record<string, number>>;
  readonly variables: string;
  readonly mounts: string;
}

async function comesToRest(machine: QemuMachine): Promise<boolean> {
  let last = JSON.stringify(await machine.diskWrites());
  let quietSeconds = 0;
  for (let seconds = 0; seconds < RESTLESS_SECONDS; seconds += 1) {
    await machine.shell.run('sleep 1', 60);
    const now = JSON.stringify(await machine.diskWrites());
    quietSeconds = now === last ? quietSeconds + 1 : 0;
    if (quietSeconds === REST_SECONDS) return true;
    last = now;
  }
  return false;
}

async function stateOf(machine: QemuMachine, folder: string): Promise<Touchable> {
  const nvram = join(folder, 'nvram');
  const { output } = await machine.shell.run('cat /proc/self/mountinfo', 60);
  return {
    writes: await machine.diskWrites(),
    variables: existsSync(nvram) ? contentHash(readFileSync(nvram).toString('base64')) : '',
    mounts: output,
  };
}
