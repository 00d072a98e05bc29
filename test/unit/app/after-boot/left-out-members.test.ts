import { test } from 'tap';
import { rejoinLeftOut } from '../../../../src/app/after-boot/left-out-members.ts';
import { DeviceObserver } from '../../../../src/app/read/device-observer.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import type { MemoryFiles } from '../../../support/memory-files.ts';
import { mirrorFiles } from '../../../support/mirror-files.ts';

/** A mirror that runs on sda1; sdb1 holds its other role, and nothing has it. */
async function leftOut(change: (files: MemoryFiles) => void = () => undefined, isWhole = false) {
  const files = mirrorFiles({ isWhole });
  for (const [device, number] of [
    ['sda1', '8:1'],
    ['sdb1', '8:2'],
  ] as const) {
    files.links.set(`/dev/${device}`, `/dev/${device}`);
    files.numbers.set(`/dev/${device}`, number);
  }
  change(files);
  const runner = answeringRunner(() => ({ status: 0 }));
  const machine = { ...idleMachine(new LeapingClock(), files), runner };
  const snapshot = await new DeviceObserver(files, machine.paths).rescanAll();
  return { rejoining: await rejoinLeftOut(machine, snapshot), calls: runner.calls };
}

test('left out of an array that runs without it: re-added, by its device number', async (t) => {
  const { rejoining, calls } = await leftOut();
  t.same(rejoining, ['sdb1']);
  t.same(calls, ['systemctl --no-block start reliable-raid-readd@8:2.service']);
});

test('nothing is done where nobody is left out, or the array misses nobody', async (t) => {
  t.match(await leftOut(undefined, true), { rejoining: [], calls: [] });
  const spare = (files: MemoryFiles) => files.texts.set('/sys/class/block/md0/md/degraded', '0\n');
  t.match(await leftOut(spare), { rejoining: [], calls: [] });
});

test('whom the gate refuses is not re-added', async (t) => {
  const off = (files: MemoryFiles) => files.texts.set('/proc/cmdline', 'reliable_raid=off\n');
  t.match(await leftOut(off), { rejoining: [], calls: [] });
});
