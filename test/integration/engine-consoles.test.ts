// The boot engine's consoles on real pseudo terminals, with python3 at their other end: given back on every way out.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { hostArch } from '../../tools/build/arch.ts';
import { buildBootEngine } from '../../tools/build/build-boot-engine.ts';
import { DIST, ROOT } from '../../tools/project.ts';

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
const options = hasPython ? {} : { skip: 'python3 is not installed: terminals not tested' };
const program = await buildBootEngine(
  hostArch(),
  'test/support/consoles-program-quickjs.ts',
  join(DIST, '.cache', 'test-engine', 'consoles-program'),
);

interface Driven {
  readonly names: readonly string[];
  readonly status: number | string;
  readonly lines: readonly unknown[];
  readonly stderr: string;
  readonly raw: readonly boolean[];
  readonly restored: readonly boolean[];
  readonly screens: readonly string[];
}

interface Drive {
  readonly mode: string;
  readonly ptys?: number;
  readonly read?: boolean;
  readonly shell?: string;
  readonly steps?: readonly (readonly (string | number)[])[];
}

function drive(t: Test, { mode, ptys = 1, read = true, shell, steps = [] }: Drive): Driven {
  const command = [program, '@SYS@', '/dev/pts', shell ?? '/nonexistent', mode];
  const spec = JSON.stringify({ command, ptys, read, extra: ['nonesuch', '../../etc/passwd'], steps });
  const result = spawnSync('python3', [join(import.meta.dirname, 'fixtures/pty-driver.py'), spec], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  t.equal(result.status, 0, result.stderr);
  return JSON.parse(result.stdout) as Driven;
}

test('keys of every console, told apart, and a console that does not exist', options, async (t) => {
  const { names, lines, raw, restored, screens } = drive(t, {
    mode: 'wait',
    ptys: 2,
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
  t.match(screens, [/^one\r\ntwo$/, /^one\r\ntwo$/]);
});

for (const [signal, number] of Object.entries({
  SIGTERM: 15,
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGKILL: 9,
  SIGSEGV: 11,
})) {
  test(`${signal} ends the program and gives the terminal back`, options, async (t) => {
    const { status, raw, restored } = drive(t, { mode: 'wait', steps: [[0.1, 'signal', signal]] });
    t.equal(status, -number);
    t.strictSame({ raw, restored }, { raw: [true], restored: [true] });
  });
}

test('an error that nobody catches and an exit give the terminal back', options, async (t) => {
  const thrown = drive(t, { mode: 'throw' });
  t.match(thrown, { status: 1, raw: [true], restored: [true], stderr: /internal error: Error: on purpose/ });
  const inCallback = drive(t, { mode: 'throw-in-callback' });
  t.match(inCallback, {
    status: 1,
    raw: [true],
    restored: [true],
    stderr: /internal error: Error: on purpose/,
  });
  t.match(drive(t, { mode: 'exit' }), { status: 3, raw: [true], restored: [true], stderr: /^$/ });
});

test('no child is left behind, however the program ends', options, async (t) => {
  for (const signal of ['SIGTERM', 'SIGKILL']) {
    drive(t, { mode: 'child', steps: [[0.2, 'signal', signal]] });
    const left = spawnSync('pgrep', ['-f', '^sleep 77.77'], { encoding: 'utf8' });
    t.equal(left.stdout, '', signal);
  }
});

test('close writes what is left and lets the program end', options, async (t) => {
  const { status, lines, restored, screens } = drive(t, { mode: 'close' });
  t.match({ status, restored }, { status: 0, restored: [true] });
  t.strictSame(lines.at(-1), 'closed');
  t.match(screens[0], /two$/);
});

test('a console that takes nothing holds nobody up', options, async (t) => {
  const { status, lines, restored } = drive(t, {
    mode: 'flood',
    read: false,
    steps: [[0.1, 'type', 0, '64']],
  });
  t.match({ status, restored }, { status: 0, restored: [true] });
  t.match(lines.slice(1), [{ bytes: [0x64] }, 'alive']);
});

test('the rescue shell of the image owns its terminal', options, async (t) => {
  const typed = Buffer.from('(exec </dev/tty) && echo "controls $((6 * 7))"; exit\n').toString('hex');
  const shell = join(t.testdir({ shell: `#!/bin/sh\nexec ${ROOT}/scripts/shell "pts/$1"\n` }), 'shell');
  chmodSync(shell, 0o755);
  const { lines, restored, screens } = drive(t, {
    mode: 'shell',
    shell,
    steps: [[0.8, 'type', 0, typed]],
  });
  t.strictSame(lines.at(-1), 'shell left');
  t.strictSame(restored, [true]);
  t.match(screens[0], /\(initramfs\) /);
  t.match(screens[0], /controls 42/);
  t.notMatch(screens[0], /job control turned off/);
});

test('a shell that cannot be started is said on the console', options, async (t) => {
  const { lines, screens } = drive(t, { mode: 'shell' });
  t.strictSame(lines.at(-1), 'shell left');
  t.match(screens[0], /no shell can be started here/);
});

test('what is typed too late is not left for who reads the console next', options, async (t) => {
  const asks = `#!/bin/sh\nexec <"/dev/pts/$1"; echo ready; read -r line; echo "got <$line>"\n`;
  const shell = join(t.testdir({ shell: asks }), 'shell');
  chmodSync(shell, 0o755);
  const { lines, screens } = drive(t, {
    mode: 'late',
    shell,
    steps: [
      [0, 'type', 0, '0d'],
      [0, 'expect', 0, 'ready'],
      [0, 'type', 0, '68690a'],
    ],
  });
  t.strictSame(lines.slice(1), ['shell left'], 'the engine took no key');
  t.match(screens[0], 'got <hi>');
});
