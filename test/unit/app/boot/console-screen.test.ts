import { test } from 'tap';
import { ConsoleScreen } from '../../../../src/app/boot/console-screen.ts';
import type { Countdown, Message } from '../../../../src/core/engine/messages.ts';
import { EMPTY_SNAPSHOT } from '../../../../src/core/snapshot/snapshot.ts';
import type { Consoles } from '../../../../src/ports/consoles.ts';
import { NO_SPLASH, type Splash, type SplashCover } from '../../../../src/ports/splash.ts';
import { LeapingClock } from '../../../support/leaping-clock.ts';
import { watched, watchlistOf } from '../../../support/simulated-boot.ts';

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

const up = (n: number): Message => ({
  kind: 'up',
  ...{ array: watched({ n, level: 1, raidDevices: 2 }), missing: 0, came: [] },
});
const line = (n: number): string => `reliable-raid: array a${n} is complete.`;

const screenOn = (screen: Screen, besideStatus: boolean): ConsoleScreen =>
  new ConsoleScreen(
    { consoles: consolesOn(screen), splash: NO_SPLASH, clock: new LeapingClock() },
    () => undefined,
    { besideStatus },
  );

test('the countdown is redrawn in its place, and gives way to lines', async (t) => {
  const screen = new Screen();
  const shown = screenOn(screen, false);
  await shown.say(up(1));
  await shown.drawCountdown(countdown(10_000));
  await shown.drawCountdown(countdown(9000));
  t.equal(screen.text, `\n${line(1)}\n  Seconds until a1 is started degraded:\n     9 s`);
  await shown.say(up(2));
  t.match(
    screen.text,
    /degraded:\nreliable-raid: array a2 is complete\.\n {2}Seconds until a1 is started degraded:\n {5}9 s$/,
  );
  await shown.drawCountdown(null);
  await shown.say(up(3));
  t.match(screen.text, /degraded:\nreliable-raid: array a3 is complete\.\n$/);
});

test('systemd draws its status over none of our lines', async (t) => {
  const screen = new Screen();
  const shown = screenOn(screen, true);
  screen.status('[*  ] Job (8s / 1min 30s)');
  await shown.say({
    kind: 'unlisted',
    arrays: [watched({ n: 1, level: 1, raidDevices: 2 })],
    because: 'outdated',
  });
  screen.status('[ * ] Job (10s / 1min 30s)');
  await shown.drawCountdown(countdown(10_000));
  screen.status('[  *] Job (11s / 1min 30s)');
  await shown.drawCountdown(countdown(9000));
  screen.status('[ * ] Job (12s / 1min 30s)');
  for (const text of [
    'Not\n  listed, and looked after now: array a1.',
    'degraded:\n[ * ] Job (12s / 1min 30s)\n     9 s',
  ])
    t.ok(screen.text.includes(text), screen.text);
  await shown.drawCountdown(null);
  await shown.say(up(2));
  screen.status('[*  ] Job (13s / 1min 30s)');
  t.match(screen.text, /complete\.\n\[\* {2}\] Job \(13s/);
});

/** A plymouth whose every act is written down, beside those of the consoles. */
class Stage {
  cover: SplashCover | null = 'picture';
  readonly acts: string[] = [];
  type: (bytes: Uint8Array) => void = () => undefined;
  readonly typed: string[] = [];
  readonly clock = new LeapingClock();

  readonly splash: Splash = {
    look: async () => this.cover,
    show: async (lines) => void this.acts.push(`splash ${JSON.stringify(lines)}`),
    watchKeys: async (onInput) => {
      this.acts.push('watch keys');
      this.type = onInput;
    },
    ignoreKeys: async () => void this.acts.push('ignore keys'),
    giveWay: async () => {
      this.acts.push('give way');
      this.cover = 'text';
    },
    comeBack: async () => void this.acts.push('come back'),
  };

  readonly consoles: Consoles = {
    open: async (_onInput, { isCovered = false } = {}) => {
      this.acts.push(isCovered ? 'open covered' : 'open');
      return [{ name: 'tty0', write: (text) => void (text.trim() !== '' && this.acts.push(text.trim())) }];
    },
    close: async () => void this.acts.push('close'),
    shell: async () => undefined,
  };

  readonly screen = new ConsoleScreen(
    { consoles: this.consoles, splash: this.splash, clock: this.clock },
    (name, bytes) => this.typed.push(`${name} ${String.fromCharCode(...bytes)}`),
  );

  since(): readonly string[] {
    return this.acts.splice(0);
  }
}

const onSplash = (...lines: readonly string[]): string => `splash ${JSON.stringify(lines)}`;

test('where a splash shows a picture, message and keys are on it; the lines still go to its terminal', async (t) => {
  const stage = new Stage();
  await stage.screen.say(up(1));
  t.strictSame(stage.since(), ['open covered', 'watch keys', line(1), onSplash('Array a1 is complete')]);
  for (const leftMs of [10_000, 9_000, 5_000]) await stage.screen.drawCountdown(countdown(leftMs));
  const counted = (seconds: number): string =>
    onSplash('Array a1 is complete', `${seconds} s until it starts degraded`);
  t.strictSame(stage.since(), [counted(10), counted(5)], 'not each second: details show every message');
  await stage.screen.close();
  t.strictSame(stage.since(), ['ignore keys', onSplash(), 'close']);
});

test('a splash that only passes lines on gives way, and comes back', async (t) => {
  const stage = new Stage();
  stage.cover = 'text';
  await stage.screen.say(up(1));
  await stage.screen.lookForSplash();
  await stage.screen.close();
  await stage.screen.say(up(2));
  t.strictSame(stage.since(), [
    ...['give way', 'open', line(1), 'close', 'come back'],
    ...['give way', 'open', line(2)],
  ]);
});

test('a shell gets the terminal with its greeting and without the splash; a prompt gets the splash', async (t) => {
  const stage = new Stage();
  await stage.screen.say(up(1));
  stage.since();
  await stage.screen.lend('shell', up(2));
  await stage.screen.say(up(3));
  t.strictSame(stage.since(), [
    ...['ignore keys', onSplash(), 'close', 'give way'],
    ...['open', line(2), 'close'],
  ]);
  await stage.screen.takeBack();
  await stage.screen.close();
  t.strictSame(stage.since(), ['open', line(3), 'close', 'come back']);
  stage.cover = 'picture';
  await stage.screen.say(up(4));
  stage.since();
  await stage.screen.lend('prompt');
  t.strictSame(stage.since(), ['ignore keys', onSplash(), 'close']);
});

test('a splash that starts late or dies: what stands is said again where people see it', async (t) => {
  const stage = new Stage();
  stage.cover = null;
  await stage.screen.say(up(1));
  await stage.screen.drawCountdown(countdown(9_000));
  stage.since();
  stage.cover = 'picture';
  await stage.screen.lookForSplash();
  t.match(stage.since(), ['close', 'open covered', 'watch keys', line(1)]);
  stage.cover = null;
  await stage.screen.lookForSplash();
  const after = stage.since();
  t.ok(after.indexOf('open') > 0 && after.indexOf(line(1)) > after.indexOf('open'), after.join());
  t.match(after.at(-1), /9 s$/);
  await stage.screen.lookForSplash();
  t.strictSame(stage.since(), [], 'nothing changed: nothing is said');
});

test('a shell that ended the splash: what stood before is said again, not the greeting', async (t) => {
  const stage = new Stage();
  await stage.screen.say(up(1));
  await stage.screen.lend('shell', {
    kind: 'shell-greeting',
    watchlist: watchlistOf([]),
    ...{ snapshot: EMPTY_SNAPSHOT, stale: 'ask' as const },
  });
  stage.cover = null;
  await stage.screen.takeBack();
  await stage.screen.drawCountdown(countdown(9_000));
  stage.since();
  await stage.screen.lookForSplash();
  const said = stage.since().join('\n');
  t.match(said, line(1));
  t.notMatch(said, 'Rescue shell');
});

test('one that gave way, and draws a picture all the same, is given what stands', async (t) => {
  const stage = new Stage();
  stage.cover = 'text';
  await stage.screen.say(up(1));
  stage.since();
  await stage.screen.lookForSplash();
  t.strictSame(stage.since(), [], 'it still passes lines on');
  stage.cover = 'picture';
  await stage.screen.lookForSplash();
  t.match(stage.since(), ['close', 'come back', 'open covered', 'watch keys']);
  await stage.screen.lookForSplash();
  t.strictSame(stage.since(), [], 'nothing changed: nothing is said');
});

test('what runs degraded stays on the splash', async (t) => {
  const stage = new Stage();
  await stage.screen.say({ kind: 'runs-degraded', arrays: [watched({ n: 1, level: 1, raidDevices: 2 })] });
  stage.since();
  await stage.screen.close();
  t.strictSame(stage.since(), ['ignore keys', 'close']);
});

test("keys that the splash tells of are the virtual terminal's", async (t) => {
  const stage = new Stage();
  await stage.screen.say(up(1));
  stage.type(Uint8Array.of(100));
  t.strictSame(stage.typed, [], 'typed before the notice could be read');
  await new Promise<void>((resolve) => stage.clock.after(1_000, resolve));
  stage.type(Uint8Array.of(100));
  t.strictSame(stage.typed, ['tty0 d']);
});
