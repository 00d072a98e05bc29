import { test } from 'tap';
import { releaseHeld } from '../../../../src/app/after-boot/held-members.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { encode1, UUID_BYTES } from '../../../support/encode-superblock.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const HELD = '/run/reliable-raid/held/sda1';
const TRIGGER = 'udevadm trigger --action=change /sys/class/block/sda1';

/** A member of a mirror that was used without role 1, where the record of the machine has that one as well. */
function machineWith(more: (files: MemoryFiles) => void = () => undefined) {
  const files = new MemoryFiles({
    '/sys/class/block/sda1/dev': '8:1\n',
    '/sys/class/block/sda1/size': '8192\n',
    '/run/udev/data/b8:1': 'E:ID_FS_TYPE=linux_raid_member\nE:ID_FS_VERSION=1.2\n',
    [HELD]: 'it was used without role 1\n',
  });
  files.links.set('/dev/sda1', '/dev/sda1');
  files.numbers.set('/dev/sda1', '8:1');
  const disk = new Uint8Array(8192 * 512);
  disk.set(encode1({ arrayUuidBytes: UUID_BYTES }, 8), 4096);
  files.bytes.set('/dev/sda1', disk);
  more(files);
  const runner = answeringRunner(() => ({ status: 0 }));
  return { ...idleMachine(new LeapingClock(), files), files, runner };
}

test('nothing is held: nothing is asked', async (t) => {
  const machine = machineWith((files) => files.texts.delete(HELD));
  t.same(await releaseHeld(machine), []);
  t.same(machine.runner.calls, []);
});

test('the reason has gone: udev is told of the device again', async (t) => {
  const machine = machineWith();
  t.same(await releaseHeld(machine), ['sda1']);
  t.same(machine.runner.calls, [TRIGGER]);
  t.notOk(machine.files.texts.has(HELD));
});

test('the reason stands: it stays held, and udev hears nothing', async (t) => {
  const machine = machineWith((files) =>
    files.texts.set(
      '/var/lib/reliable-raid/ledger.json',
      `${JSON.stringify({
        schema: 'reliable-raid/ledger/1',
        entries: [
          {
            ...{ arrayUuid: '734f71cb:0c800a0c:01020304:05060708', device: 'md0', recordedAtMs: 1 },
            ...{ events: 900, updateTimeMs: 1, seen: [] },
            inSync: [{ deviceUuid: '11111111:22222222:33333333:66666666', role: 1 }],
          },
        ],
      })}\n`,
    ),
  );
  t.same(await releaseHeld(machine), []);
  t.same(machine.runner.calls, []);
  t.ok(machine.files.texts.has(HELD));
});

test('a device that has gone leaves no mark', async (t) => {
  const machine = machineWith((files) => {
    for (const path of [...files.texts.keys()]) if (path.startsWith('/sys/')) files.texts.delete(path);
  });
  t.same(await releaseHeld(machine), []);
  t.notOk(machine.files.texts.has(HELD));
});
