import { test } from 'tap';
import { type Countdown, isSameCountdown, secondsLeft } from '../../../src/core/engine/messages.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { watched } from '../../support/present-members.ts';

const ONE: Countdown = { what: 'start', leftMs: 8_200, arrays: [watched()] };

test('a countdown shows the second that has begun, and never less than 0', async (t) => {
  for (const [leftMs, seconds] of [
    [8_001, 9],
    [8_000, 8],
    [1, 1],
    [0, 0],
    [-5_000, 0],
  ] as const)
    t.equal(secondsLeft({ ...ONE, leftMs }), seconds, `${leftMs} ms`);
});

test('two countdowns are the same where they would be shown alike', async (t) => {
  const other = watched([], { uuid: '00000000:00000000:00000000:00000001' as MdUuid });
  t.equal(isSameCountdown(null, null), true);
  t.equal(isSameCountdown(ONE, null), false);
  t.equal(isSameCountdown(null, ONE), false);
  t.equal(isSameCountdown(ONE, { ...ONE, leftMs: 8_900, arrays: [watched()] }), true);
  t.equal(isSameCountdown(ONE, { ...ONE, leftMs: 9_001 }), false);
  t.equal(isSameCountdown(ONE, { ...ONE, what: 'wait' }), false);
  t.equal(isSameCountdown(ONE, { ...ONE, arrays: [other] }), false);
  t.equal(isSameCountdown(ONE, { ...ONE, arrays: [watched(), other] }), false);
});
