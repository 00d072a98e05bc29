import { test } from 'tap';
import { isLocked, withArraysLocked } from '../../../../src/app/rejoin/array-lock.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { uuidOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const A = uuidOf(1);
const B = uuidOf(2);
const LOCK = `/run/reliable-raid/locks/${A.replaceAll(':', '')}`;
const stat = (pid: number, started: number) => `${pid} (a) b) S ${'0 '.repeat(18)}${started} 0 0\n`;

function machineWith(lock: string | null = null) {
  const files = new MemoryFiles({
    '/proc/7/stat': stat(7, 700),
    '/proc/8/stat': stat(8, 800),
  });
  if (lock !== null) files.links.set(LOCK, lock);
  files.links.set('/proc/self', '7');
  return { ...idleMachine(new LeapingClock(0), files), files };
}

test('held while something is done, and given back whatever comes of it', async (t) => {
  const machine = machineWith();
  t.notOk(await isLocked(machine, A));
  const done = await withArraysLocked(machine, [B, A, A], 0, async () => {
    t.ok(await isLocked(machine, A));
    t.ok(await isLocked(machine, B));
    return 'done';
  });
  t.equal(done, 'done');
  t.notOk(await isLocked(machine, A));
  const broken = withArraysLocked(machine, [A], 0, async () => Promise.reject(new Error('no')));
  await t.rejects(broken, { message: 'no' });
  t.notOk(machine.files.links.has(LOCK));
});

test('a program that runs is waited for, and not beyond the time', async (t) => {
  const machine = machineWith('8 800');
  t.ok(await isLocked(machine, A));
  t.equal(await withArraysLocked(machine, [B, A], 1000, async () => 'done'), null);
  t.ok(await isLocked(machine, A), 'it is left to its owner');
  t.notOk(await isLocked(machine, B));
  t.equal(machine.clock.nowMs(), 1000);
  t.equal(await withArraysLocked(machine, [B], 0, async () => 'done'), 'done');
});

test('a program that has died, or another one of its number, holds nothing', async (t) => {
  for (const text of ['9 900', '8 801', '', 'nonsense']) {
    const machine = machineWith(text);
    t.notOk(await isLocked(machine, A), text);
    t.equal(await withArraysLocked(machine, [A], 0, async () => 'done'), 'done', text);
  }
});

test('where nothing can be written, it is done all the same', async (t) => {
  const machine = machineWith();
  machine.files.broken.set(LOCK, { reason: 'error', detail: 'EROFS' });
  t.equal(await withArraysLocked(machine, [A], 0, async () => 'done'), 'done');
});
