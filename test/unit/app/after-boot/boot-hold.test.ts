import { test } from 'tap';
import { bootHold } from '../../../../src/app/after-boot/boot-hold.ts';
import { answeringRunner } from '../../../support/answering-runner.ts';

const HELD = '1 sysinit.target start waiting\n2 dev-md1.device start running\n';

/** Says what systemd says, one answer after the other. */
function holdOf(...answers: readonly string[]) {
  const left = [...answers];
  const runner = answeringRunner(() => {
    const stdout = left.shift();
    return stdout === undefined ? null : { stdout };
  });
  return { isHeld: bootHold({ runner }), calls: runner.calls };
}

test('held until systemd says otherwise; then nobody asks it any more', async (t) => {
  const { isHeld, calls } = holdOf(HELD, HELD, 'No jobs running.\n', HELD);
  t.same([await isHeld(), await isHeld(), await isHeld(), await isHeld()], [true, true, false, false]);
  t.equal(calls.length, 3);
});

test('no systemd, no hold', async (t) => {
  const { isHeld, calls } = holdOf();
  t.equal(await isHeld(), false);
  t.equal(await isHeld(), false);
  t.same(calls, ['systemctl list-jobs --plain --no-legend']);
});
