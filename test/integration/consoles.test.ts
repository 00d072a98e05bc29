import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';

// NodeConsoles on real pseudo terminals, with python3 at their other end.

const fixtures = join(import.meta.dirname, 'fixtures');
const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
const options = hasPython ? {} : { skip: 'python3 is not installed: terminals not tested' };

interface Driven {
  readonly names: readonly string[];
  readonly status: number | string;
  readonly lines: readonly unknown[];
  readonly raw: readonly boolean[];
  readonly restored: readonly boolean[];
  readonly screens: readonly string[];
}

interface Drive {
  readonly mode: string;
  readonly ptys?: number;
  readonly read?: boolean;
  readonly extra?: readonly string[];
  readonly steps?: readonly (readonly (string | number)[])[];
}

function drive(t: Test, { mode, ptys = 1, read = true, extra = [], steps = [] }: Drive): Driven {
  const shell = join(t.testdir({ shell: SHELL }), 'shell');
  chmodSync(shell, 0o755);
  const program = join(fixtures, 'console-program.ts');
  const command = [process.execPath, program, '@SYS@', '/dev/pts', shell, mode];
  const spec = JSON.stringify({ command, ptys, read, extra, steps });
  const result = spawnSync('python3', [join(fixtures, 'pty-driver.py'), spec], {
    encoding: 'utf8',
    timeout: 60_000,
    // Without what tap loads into every Node it starts.
    env: { PATH: process.env['PATH'] },
  });
  t.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout) as Driven;
}

// Owns its terminal as scripts/shell does, which only knows terminals directly below /dev.
const SHELL = `#!/bin/sh
exec setsid -c sh -c 'echo "shell on $0"; (exec </dev/tty) && echo controls-terminal; read line; echo "got $line"' "$1"
`;

test('keys of every console, told apart, and a console that does not exist', options, async (t) => {
  const { names, lines, raw, restored, screens } = drive(t, {
    mode: 'wait',
    ptys: 2,
    extra: ['nonesuch', '../../etc/passwd'],
    steps: [
      [0.2, 'type', 0, '1b'],
      [0.2, 'type', 1, '640d03'],
      [0.2, 'signal', 'SIGTERM'],
    ],
  });
  const [first, second] = names;
  t.strictSame(lines, [
    {
      opened: [{ name: first }, { name: second }],
    },
    { name: first, bytes: [0x1b] },
    { name: second, bytes: [0x64, 0x0d, 0x03] },
  ]);
  t.strictSame(raw, [true, true], 'no echo, no line editing, no signals while open');
  t.strictSame(restored, [true, true]);
  t.match(screens, [/^one\r+\ntwo$/, /^one\r+\ntwo$/]);
});

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT']) {
  test(`${signal} ends the program and gives the terminal back`, options, async (t) => {
    const { status, restored } = drive(t, { mode: 'wait', steps: [[0.1, 'signal', signal]] });
    t.ok(typeof status === 'number' && status < 0, `ended by the signal: ${status}`);
    t.strictSame(restored, [true]);
  });
}

test('an uncaught error and process.exit give the terminal back', options, async (t) => {
  t.match(drive(t, { mode: 'throw' }), { status: 1, raw: [true], restored: [true] });
  t.match(drive(t, { mode: 'exit' }), { status: 3, raw: [true], restored: [true] });
});

test('close writes what is left and lets the program end', options, async (t) => {
  const { status, lines, restored, screens } = drive(t, { mode: 'close' });
  t.equal(status, 0);
  t.strictSame(lines.at(-1), 'closed');
  t.strictSame(restored, [true]);
  t.match(screens[0], /two$/);
});

test('a console that takes nothing holds nobody up', options, async (t) => {
  const { status, lines, restored } = drive(t, {
    mode: 'flood',
    read: false,
    steps: [[0.1, 'type', 0, '64']],
  });
  t.equal(status, 0);
  t.strictSame(lines.slice(1), [{ name: (lines[1] as { name: string }).name, bytes: [0x64] }, 'alive']);
  t.strictSame(restored, [true]);
});

test('a console that hangs up leaves the others alone', options, async (t) => {
  const { names, status, lines, restored } = drive(t, {
    mode: 'wait',
    ptys: 2,
    read: false,
    steps: [
      [0.2, 'hangup', 0],
      [0.2, 'type', 1, '64'],
      [0.3, 'signal', 'SIGTERM'],
    ],
  });
  t.equal(status, -15);
  t.strictSame(lines.slice(1), [{ name: names[1], bytes: [0x64] }]);
  t.equal(restored[1], true);
});

test('the rescue shell has the console as its controlling terminal', options, async (t) => {
  const { lines, restored, screens } = drive(t, { mode: 'shell', steps: [[0.8, 'type', 0, '68690a']] });
  t.strictSame(lines.at(-1), 'shell left');
  t.strictSame(restored, [true]);
  t.match(screens[0], /shell on \d+\r+\ncontrols-terminal\r+\nhi\r+\ngot hi/);
});

test('a shell that cannot be started is said on the console', options, async (t) => {
  const { lines, screens } = drive(t, { mode: 'no-shell' });
  t.strictSame(lines.at(-1), 'shell left');
  t.match(screens[0], /no shell can be started here/);
});
