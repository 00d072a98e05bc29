// Names, models, serial numbers, kernel arguments and mdadm's own words that hold terminal commands: what arrives at a real
// terminal holds none (S12). Both engines.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { hostArch } from '../../tools/build/arch.ts';
import { buildBootEngine } from '../../tools/build/build-boot-engine.ts';
import { DIST, ROOT } from '../../tools/project.ts';
import { buildHostileMachine, HOSTILE } from '../support/hostile-machine.ts';

const hasPython = spawnSync('python3', ['-c', 'import pty']).status === 0;
const options = hasPython ? {} : { skip: 'python3 is not installed: terminals not tested' };
const SPEED = '20';
const onQuickjs = [
  await buildBootEngine(
    hostArch(),
    'test/support/adapter-program-quickjs.ts',
    join(DIST, '.cache', 'test-engine', 'adapter-program'),
  ),
];
const onNode = [process.execPath, join(ROOT, 'test/support/adapter-program-node.ts')];

/** What our own screen is drawn with: lines, and the countdown's return to the start of its line. */
const OURS = /^[\x20-\x7e\r\n]*$/;

function onTerminal(t: Test, command: readonly string[], root: string, typed: string): string {
  const spec = JSON.stringify({
    ...{ command, machine: root, ptys: 1, seconds: 30 },
    steps:
      typed === ''
        ? []
        : [
            [0, 'expect', 0, 'rescue shell'],
            [0.2, 'type', 0, typed],
          ],
  });
  const driven = spawnSync('python3', [join(import.meta.dirname, 'fixtures/pty-driver.py'), spec], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  t.equal(driven.status, 0, driven.stderr);
  const { screens, status } = JSON.parse(driven.stdout) as { screens: string[]; status: number | string };
  t.not(status, 'hung');
  return screens[0] ?? '';
}

/** The question itself, of the array whose halves each ran alone. */
const QUESTION: readonly RegExp[] = [
  /QUESTION: array n\S.* \(raid1\) will not be started automatically: /,
  / 1 data written \d{4}-\d\d-\d\d [^?]*, 20 events; it starts degraded \(1 of 2\) role 1 sdd m?\S/,
  / 2 data written \d{4}-\d\d-\d\d [^?]*, 9 events; it starts degraded \(1 of 2\) role 0 sdc \S/,
  /leaves out, untouched: sdc/,
  /You get the data of the copy you choose\. Any other copy stays unchanged on its disks until you rebuild them\./,
];

const visible = (text: string): string => JSON.stringify(text.replace(/[\x20-\x7e\r\n]+/g, '.'));

for (const [engine, program] of Object.entries({ node: onNode, quickjs: onQuickjs })) {
  for (const first of [0, 6]) {
    test(`${engine}, text ${first} and on`, options, async (t) => {
      const root = t.testdir();
      buildHostileMachine(root, first);
      const list = ['--watchlist', join(root, 'etc/watchlist.json')];
      const engineOf = (...words: readonly string[]) => [
        ...program,
        root,
        SPEED,
        'engine',
        ...words,
        ...list,
      ];

      const booted = onTerminal(t, engineOf('boot', '--stage', 'before-passphrase'), root, '0d');
      t.match(booted, OURS, visible(booted));
      for (const words of [
        /kernel argument/,
        /NOTICE: array n/,
        /Rescue shell/,
        /could not be started: .*cannot open/,
        /will not be started automatically/,
        /gave up/,
        ...QUESTION,
        /\[1\]-\[2\] start that copy \(asks for confirmation\) \[Return\] rescue shell/,
      ])
        t.match(booted.replace(/\s+/g, ' '), words);
    });

    test(`${engine}, listing and report, text ${first} and on`, options, async (t) => {
      const root = t.testdir();
      buildHostileMachine(root, first);
      const list = ['--watchlist', join(root, 'etc/watchlist.json')];
      const started = onTerminal(t, [...program, root, SPEED, 'engine', 'start', ...list], root, '');
      t.match(started, OURS, visible(started));
      t.match(started, /starting array n.* degraded/);
      t.match(started, /Not started: n/);
      for (const words of QUESTION) t.match(started.replace(/\s+/g, ' '), words);
      for (const line of started.split(/[\r\n]+/)) t.ok(line.length <= 79, line);
      const asked = HOSTILE[first + 1]?.replaceAll('\0', '').replace(/\ud800$/, '') ?? '';
      const unknown = onTerminal(t, [...program, root, SPEED, 'engine', 'start', ...list, asked], root, '');
      t.match(unknown, OURS, visible(unknown));
      t.match(unknown, /no listed array is called/);
      for (const file of ['run/reliable-raid/start.json', 'etc/watchlist.json']) {
        const text = readFileSync(join(root, file), 'latin1');
        t.match(text, /^[\x20-\x7e\n]*$/, `${file}: ${visible(text)}`);
      }
    });
  }
}
