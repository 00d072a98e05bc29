import { test } from 'tap';
import { listingOf } from '../../../../src/app/inspect/kept-listings.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const IMAGE = '/boot/initrd.img-6.1';
const FOLDER = '/run/reliable-raid/image-listings';
const FIRST = '2049:17:23101843:1764443000.123456789:1764443000.223456789';

/** A machine whose stat(1) says this of the image, and how often the image is unpacked there. */
function machineWith(files = new MemoryFiles()) {
  const state = { identity: FIRST, unpacked: 0, holds: ['sbin/mdadm'] as readonly string[] | null };
  const runner = answeringRunner(([program]) =>
    program === 'stat' ? { stdout: `${state.identity}\n` } : { status: 1 },
  );
  const machine = { ...idleMachine({ nowMs: () => 0, after: () => () => undefined }, files), runner };
  const ask = () =>
    listingOf(machine, IMAGE, async () => {
      state.unpacked += 1;
      return state.holds;
    });
  return { state, files, ask };
}

test('an image is unpacked once, until its file is touched', async (t) => {
  const { state, files, ask } = machineWith();
  t.same(await ask(), ['sbin/mdadm']);
  t.same(await ask(), ['sbin/mdadm']);
  t.equal(state.unpacked, 1);
  t.equal((await files.list(FOLDER)).length, 1);
  state.holds = ['bin/reliable-raid'];
  state.identity = FIRST.replace(/.$/, '0');
  t.same(await ask(), ['bin/reliable-raid'], 'changed in place, with the same size and time of writing');
  t.equal(state.unpacked, 2);
  state.identity = FIRST.replace(':17:', ':18:');
  await ask();
  t.equal((await files.list(FOLDER)).length, 1, 'built anew, it takes the place of the former one');
});

test('what cannot be listed is tried again', async (t) => {
  const { state, ask } = machineWith();
  state.holds = null;
  t.equal(await ask(), null);
  state.holds = ['a'];
  t.same(await ask(), ['a']);
});

test('without its identity, without a place to keep it, or with a broken file it is unpacked', async (t) => {
  const { state, files, ask } = machineWith();
  state.identity = '';
  t.same(await ask(), ['sbin/mdadm']);
  state.identity = '2049:17:23101843:1764443000:1764443000';
  t.same(await ask(), ['sbin/mdadm'], 'whole seconds are too coarse');
  t.equal((await files.list('/run')).length, 0, 'nothing is kept');
  state.identity = FIRST;
  await ask();
  const path = `${FOLDER}/${(await files.list(FOLDER))[0]}`;
  files.broken.set(path, { reason: 'denied', detail: 'EACCES' });
  t.same(await ask(), ['sbin/mdadm']);
  files.broken.clear();
  for (const text of ['{', 'null', '[]', `{"identity":"${FIRST}","paths":[1]}`, `{"identity":"${FIRST}"}`]) {
    files.texts.set(path, text);
    t.same(await ask(), ['sbin/mdadm'], text);
  }
});
