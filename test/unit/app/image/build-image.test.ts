import { test } from 'tap';
import { buildImage, copyImage, restoreImage } from '../../../../src/app/image/build-image.ts';
import { DRACUT, INITRAMFS_TOOLS } from '../../../../src/core/image/generator.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

function machineWith(fails: string, texts: Readonly<Record<string, string>> = {}) {
  const clock = { nowMs: () => 0, after: () => () => undefined };
  const runner = answeringRunner(([program]) => ({ status: program === fails ? 1 : 0 }));
  return { ...idleMachine(clock, new MemoryFiles(texts)), runner };
}

test('a copy is whole before it has its name', async (t) => {
  const machine = machineWith('');
  t.equal(await copyImage(machine, 'a', 'b'), null);
  t.same(machine.runner.calls, [
    'cp -p -- /boot/a /boot/b.new',
    'sync -- /boot/b.new',
    'mv -f -- /boot/b.new /boot/b',
  ]);
  const full = machineWith('sync');
  t.match(await copyImage(full, 'a', 'b'), /sync failed/);
  t.equal(full.runner.calls.length, 2);
  const back = machineWith('');
  t.equal(await restoreImage(back, 'a'), null);
  t.equal(back.runner.calls[0], 'cp -p -- /boot/a.former /boot/a.new');
});

test('an image is built, can be listed, and is on the disk', async (t) => {
  for (const [generator, call, lister] of [
    [INITRAMFS_TOOLS, 'update-initramfs -u -k 6.1', 'lsinitramfs'],
    [DRACUT, 'dracut -f /boot/i 6.1', 'lsinitrd'],
  ] as const) {
    const machine = machineWith('');
    t.equal(await buildImage(machine, generator, '6.1', 'i'), null);
    t.same(machine.runner.calls, [call, `${lister} /boot/i`, 'sync -- /boot/i']);
    for (const fails of [call.replace(/ .*/, ''), lister, 'sync'])
      t.match(await buildImage(machineWith(fails), generator, '6.1', 'i'), `${fails} failed`, fails);
  }
});
