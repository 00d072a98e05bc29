import t from 'tap';
import { NodeClock } from '../../../../src/adapters/node/clock.ts';
import { ConsoleScreen } from '../../../../src/app/boot/console-screen.ts';
import type { Countdown, Message } from '../../../../src/core/engine/messages.ts';
import type { Consoles } from '../../../../src/ports/consoles.ts';
import { NO_SPLASH } from '../../../../src/ports/splash.ts';
import { watched } from '../../../support/simulated-boot.ts';

const said = (n: number): Message => ({
  kind: 'up',
  ...{ array: watched({ n, level: 1, raidDevices: 2 }), missing: 0, came: [] },
});
const line = (n: number): string => `reliable-raid: array a${n} is complete.`;
const onConsoles = (consoles: Consoles) => ({ consoles, splash: NO_SPLASH, clock: new NodeClock() });
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
  const screen = new ConsoleScreen(onConsoles(consoles), () => undefined);
  await screen.say(said(1));
  await screen.lend('shell');
  t.same(acts.splice(0), ['open', '"\\n"', JSON.stringify(`${line(1)}\n`), 'close']);

  await screen.say(said(2));
  await screen.drawCountdown(countdown(9));
  await screen.drawCountdown(null);
  for (let n = 0; n < 500; n++) await screen.say(said(n));
  t.same(acts, []);

  await screen.takeBack();
  t.same(acts.splice(0, 2), ['open', '"\\n"']);
  t.equal(acts.length, 100, 'the newest of what was said meanwhile');
  t.equal(acts.at(-1), JSON.stringify(`${line(499)}\n`));
  acts.splice(0);
  await screen.drawCountdown(countdown(8));
  t.same(acts, ['"  Seconds left to wait for :\\n     8 s\\r"']);
  await screen.close();
  t.equal(acts.at(-1), 'close');
});

/** What stands on a terminal that knows no more than the end and the start of a line. */
class Paper {
  private readonly rows: string[] = [''];
  private column = 0;

  readonly write = (text: string): void => {
    for (const char of text) {
      if (char === '\r') this.column = 0;
      else if (char === '\n') {
        this.rows.push('');
        this.column = 0;
      } else {
        const row = (this.rows.at(-1) ?? '').padEnd(this.column);
        this.rows[this.rows.length - 1] = `${row.slice(0, this.column)}${char}${row.slice(this.column + 1)}`;
        this.column += 1;
      }
    }
  };

  lines(): readonly string[] {
    return this.rows.map((row) => row.trimEnd());
  }
}

t.test('what the kernel prints stands on a line of its own, and the countdown goes on below', async (t) => {
  const paper = new Paper();
  const consoles: Consoles = {
    open: async () => [{ name: 'ttyS0', write: paper.write }],
    close: async () => undefined,
    shell: async () => undefined,
  };
  const screen = new ConsoleScreen(onConsoles(consoles), () => undefined);
  const shortest = '[    3.100000] x';
  await screen.say(said(1));
  await screen.drawCountdown(countdown(10));
  paper.write(`${shortest}\n`);
  await screen.drawCountdown(countdown(9));
  await screen.drawCountdown(countdown(8));
  paper.write(`${shortest}\n`);
  await screen.say(said(2));
  await screen.drawCountdown(countdown(7));
  await screen.drawCountdown({ ...countdown(6), what: 'start' });
  await screen.close();
  t.same(paper.lines(), [
    '',
    line(1),
    '  Seconds left to wait for :',
    shortest,
    shortest,
    line(2),
    '  Seconds left to wait for :',
    '  Seconds until  are started degraded:',
    '',
  ]);
});
