import { test } from 'tap';
import { ConsoleScreen } from '../../../../src/app/boot/console-screen.ts';
import type { Countdown } from '../../../../src/core/engine/messages.ts';
import type { Consoles } from '../../../../src/ports/consoles.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { watched } from '../../../support/simulated-boot.ts';

/** Rows of a terminal that knows what is needed here: line feed, carriage return, and up by a line (ESC M). */
class Screen {
  readonly rows: string[] = [''];
  private row = 0;
  private column = 0;

  write(text: string): void {
    for (const [part] of text.matchAll(/\x1bM|[\s\S]/g)) {
      if (part === '\n') {
        this.row++;
        this.column = 0;
        this.rows[this.row] ??= '';
      } else if (part === '\r') this.column = 0;
      else if (part === '\x1bM') this.row--;
      else {
        const row = (this.rows[this.row] ?? '').padEnd(this.column);
        this.rows[this.row] = row.slice(0, this.column) + part + row.slice(this.column + 1);
        this.column++;
      }
    }
  }

  /** As systemd draws its status line: over the one above the cursor, and down again. */
  status(text: string): void {
    this.write('\x1bM\r');
    this.rows[this.row] = '';
    this.write(`${text}\n`);
  }

  get text(): string {
    return this.rows.map((row) => row.trimEnd()).join('\n');
  }
}

const countdown = (leftMs: number): Countdown => ({
  what: 'start',
  leftMs,
  arrays: [watched({ n: 1, level: 1, raidDevices: 2 })],
});

function consolesOn(screen: Screen): Consoles {
  return {
    open: async () => [{ name: 'tty0', write: (text) => screen.write(text) }],
    close: async () => undefined,
    shell: async () => undefined,
  };
}

const screenOn = (screen: Screen, besideStatus: boolean): ConsoleScreen =>
  new ConsoleScreen(consolesOn(screen), new LeapingClock(), () => undefined, { besideStatus });

test('the countdown is redrawn in its place, and gives way to lines', async (t) => {
  const screen = new Screen();
  const shown = screenOn(screen, false);
  await shown.show('NOTICE');
  await shown.drawCountdown(countdown(10_000));
  await shown.drawCountdown(countdown(9000));
  t.equal(screen.text, '\nNOTICE\n  Seconds until a1 is started degraded:\n     9 s');
  await shown.show('another line');
  t.match(screen.text, /degraded:\nanother line\n {2}Seconds until a1 is started degraded:\n {5}9 s$/);
  await shown.drawCountdown(null);
  await shown.show('the end');
  t.match(screen.text, /degraded:\nthe end\n$/);
});

test('systemd draws its status over none of our lines', async (t) => {
  const screen = new Screen();
  const shown = screenOn(screen, true);
  screen.status('[*  ] Job (8s / 1min 30s)');
  await shown.show('NOTICE\n  keys');
  screen.status('[ * ] Job (10s / 1min 30s)');
  await shown.drawCountdown(countdown(10_000));
  screen.status('[  *] Job (11s / 1min 30s)');
  await shown.drawCountdown(countdown(9000));
  screen.status('[ * ] Job (12s / 1min 30s)');
  for (const line of ['NOTICE\n  keys', 'degraded:\n[ * ] Job (12s / 1min 30s)\n     9 s'])
    t.ok(screen.text.includes(line), screen.text);
  await shown.drawCountdown(null);
  await shown.show('starting');
  screen.status('[*  ] Job (13s / 1min 30s)');
  t.match(screen.text, /starting\n\[\* {2}\] Job \(13s/);
});
