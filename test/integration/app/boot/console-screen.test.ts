import t from 'tap';
import { NodeClock } from '../../../../src/adapters/node/clock.ts';
import { ConsoleScreen } from '../../../../src/app/boot/console-screen.ts';
import type { Countdown } from '../../../../src/core/engine/messages.ts';
import type { Consoles } from '../../../../src/ports/consoles.ts';

const countdown = (seconds: number): Countdown => ({ what: 'wait', leftMs: seconds * 1000, arrays: [] });

t.test('a terminal that a shell has is not opened beside it', async (t) => {
  const acts: string[] = [];
  const consoles: Consoles = {
    open: async () => {
      acts.push('open');
      return [
        {
          name: 'ttyS0',
          write: (text) => void (text !== '' && acts.push(JSON.stringify(text))),
        },
      ];
    },
    close: async () => void acts.push('close'),
    shell: async () => undefined,
  };
  const screen = new ConsoleScreen(consoles, new NodeClock(), () => undefined);
  await screen.show('before');
  await screen.lend();
  t.same(acts.splice(0), ['open', '"\\n"', '"before\\n"', 'close']);

  await screen.show('an array runs');
  await screen.drawCountdown(countdown(9));
  await screen.drawCountdown(null);
  for (let line = 0; line < 500; line++) await screen.show(`line ${line}`);
  t.same(acts, []);

  await screen.takeBack();
  t.same(acts.splice(0, 2), ['open', '"\\n"']);
  t.equal(acts.length, 100, 'the newest of what was said meanwhile');
  t.equal(acts.at(-1), '"line 499\\n"');
  acts.splice(0);
  await screen.drawCountdown(countdown(8));
  t.same(acts, ['"    8 s left to wait for  "']);
  await screen.close();
  t.equal(acts.at(-1), 'close');
});
