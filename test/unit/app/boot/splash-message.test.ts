import { test } from 'tap';
import { SplashMessage } from '../../../../src/app/boot/splash-message.ts';
import type { Countdown, Message } from '../../../../src/core/engine/messages.ts';
import { NO_SPLASH } from '../../../../src/ports/splash.ts';
import { watched } from '../../../support/simulated-boot.ts';

const array = watched({ n: 1, level: 1, raidDevices: 2 });
const notice: Message = { kind: 'notice', arrays: [], canStart: true, shellDenied: null };
const up: Message = { kind: 'up', array, missing: 0, came: [] };
const countdown = (seconds: number, what: Countdown['what'] = 'start'): Countdown => ({
  ...{ what, leftMs: seconds * 1000, arrays: [array] },
});

/** What stands on the splash, one entry for each time that it was drawn. */
function onSplash(): { readonly drawn: (readonly string[])[]; readonly message: SplashMessage } {
  const drawn: (readonly string[])[] = [];
  return {
    drawn,
    message: new SplashMessage({ ...NO_SPLASH, show: async (lines) => void drawn.push(lines) }),
  };
}

test('the keys of a notice stay for as long as something is counted down', async (t) => {
  const { drawn, message } = onSplash();
  await message.say(notice);
  await message.count(countdown(10));
  await message.say(up);
  t.strictSame(drawn.at(-1), [
    'Array a1 is complete',
    '10 s until it starts degraded   [d] now  [Return] shell',
  ]);
  await message.count(null);
  t.strictSame(drawn.at(-1), ['Array a1 is complete']);
});

test('seconds are drawn in steps, the last ones each; another end of the wait at once', async (t) => {
  const { drawn, message } = onSplash();
  await message.say(up);
  for (let seconds = 12; seconds > 0; seconds--) await message.count(countdown(seconds));
  t.strictSame(
    drawn.slice(1).map(([, below]) => below?.split(' ')[0]),
    ['12', '10', '5', '4', '3', '2', '1'],
  );
  await message.count(countdown(58, 'give-up'));
  t.match(drawn.at(-1)?.[1], /^58 s until the boot gives up/);
});

test('a choice that is taken back leaves its question; nothing is drawn before something was said', async (t) => {
  const { drawn, message } = onSplash();
  await message.count(countdown(10));
  t.strictSame(drawn, []);
  await message.count(null);
  await message.say(notice);
  await message.say({ kind: 'withdrawn', array });
  t.strictSame(drawn.at(-1), ['Array a1 is not started', '[d] start degraded now  [Return] shell']);
  await message.say(up);
  t.strictSame(drawn.at(-1), ['Array a1 is complete']);
});

test('at its end it is taken away, but for what runs degraded', async (t) => {
  const { drawn, message } = onSplash();
  await message.say(notice);
  await message.end();
  t.strictSame(drawn.at(-1), []);
  await message.say({ kind: 'runs-degraded', arrays: [array] });
  await message.end();
  t.strictSame(drawn.at(-1), ['Array a1 runs degraded: see "man reliable-raid"']);
});
