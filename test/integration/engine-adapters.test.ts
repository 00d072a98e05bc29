// The boot engine's own adapters do what Node's do: both programs against the same files, commands and scripted machines.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { test } from 'tap';
import { hostArch } from '../../tools/build/arch.ts';
import { buildBootEngine } from '../../tools/build/build-boot-engine.ts';
import { DIST } from '../../tools/project.ts';
import type { FilesCase, RunCase } from '../support/adapter-program.ts';
import { type ArrayScript, buildMachine, SPEED, whatHappened } from '../support/scripted-machine.ts';

/** Without what tap loads into every Node that its own starts: that would reach the commands as well. */
const onNode = [
  ...['env', '-u', 'NODE_OPTIONS', process.execPath],
  join(import.meta.dirname, '../support/adapter-program-node.ts'),
];
const onQuickjs = [
  await buildBootEngine(
    hostArch(),
    'test/support/adapter-program-quickjs.ts',
    join(DIST, '.cache', 'test-engine', 'adapter-program-quickjs'),
  ),
];

interface Ended {
  readonly status: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings for Node or the C library in the caller's environment must change nothing. */
const environment = {
  PATH: process.env['PATH'],
  GLIBC_TUNABLES: 'glibc.malloc.check=3',
  LD_PRELOAD: '',
  TZ: 'Mars',
};

function run(command: readonly string[], typed = ''): Promise<Ended> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => undefined).end(typed);
    const ended = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      ended.stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      ended.stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...ended, status: code ?? signal }));
  });
}

async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-adapters-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The same task on both, each in a folder of its own that `fill` has filled. */
async function onBoth(
  task: string,
  cases: unknown,
  fill: (folder: string) => void,
): Promise<readonly [unknown, unknown]> {
  const results = [onNode, onQuickjs].map((program) =>
    withFolder(async (folder) => {
      fill(folder);
      const list = join(folder, 'cases.json');
      writeFileSync(list, JSON.stringify(cases).replaceAll('@', folder));
      const { stdout, stderr, status } = await run([...program, folder, '1', task, list]);
      if (status !== 0) return `${status}: ${stderr}`;
      return JSON.parse(stdout.replaceAll(folder, '@'));
    }),
  );
  return (await Promise.all(results)) as [unknown, unknown];
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => new TextEncoder().encode(text)),
  fc.integer({ min: 60_000, max: 140_000 }).map((length) => new Uint8Array(length).fill(0x41)),
);
const path = fc.constantFrom('@/a', '@/b', '@/folder/c', '@/folder', '@/to-a', '@/loop', '@/none/x', '@/a/x');
const filesCase: fc.Arbitrary<FilesCase> = fc.oneof(
  fc.tuple(
    fc.constantFrom('readText' as const, 'readTextOrReason' as const),
    fc.oneof(path, fc.constant('@/fifo')),
    fc.integer({ min: 1, max: 200_000 }),
  ),
  fc.tuple(
    fc.constantFrom(
      'readText' as const,
      'list' as const,
      'readLink' as const,
      'realPath' as const,
      'exists' as const,
      'makeFolder' as const,
      'remove' as const,
    ),
    path,
  ),
  fc.tuple(fc.constant('createLink' as const), path, fc.constantFrom('@/a', '7 700')),
  fc.tuple(
    fc.constant('readBytes' as const),
    fc.oneof(path, fc.constant('@/fifo')),
    fc.constantFrom(0, 1, 512, 4096, 70_000),
    fc.constantFrom(1, 512, 4096, 10_000),
  ),
  fc.tuple(
    fc.constantFrom('writeDurably' as const, 'writeValue' as const),
    fc.oneof(path, fc.constant('@/fifo')),
    fc.string({ unit: 'grapheme', maxLength: 50 }).filter((text) => !text.includes('@')),
  ),
);

test('files: the same answers from both', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      bytes,
      bytes,
      fc.array(filesCase, { minLength: 10, maxLength: 40 }),
      async (a, c, cases) => {
        const [node, quickjs] = await onBoth('files', cases, (folder) => {
          mkdirSync(join(folder, 'folder'));
          writeFileSync(join(folder, 'a'), a);
          writeFileSync(join(folder, 'folder/c'), c);
          symlinkSync('a', join(folder, 'to-a'));
          symlinkSync('loop', join(folder, 'loop'));
          spawnSync('mkfifo', [join(folder, 'fifo')]);
        });
        t.strictSame(quickjs, node);
      },
    ),
    { numRuns: 8 },
  );
});

test('commands: the same results from both', async (t) => {
  const sh = (script: string, options: RunCase['options'] = {}): RunCase => ({
    argv: ['sh', '-c', script],
    options,
  });
  const cases: RunCase[] = [
    sh('exit 7'),
    sh('echo out; echo err >&2'),
    sh('printf "\\377\\303(\\342\\202x"'),
    sh('env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD= | sort'),
    sh('cat; echo end of stdin'),
    sh('kill -9 $$'),
    sh('kill -TERM $$'),
    sh('trap "" TERM; sleep 20 & wait; sleep 20', { timeoutMs: 300 }),
    sh('sleep 20', { timeoutMs: 200 }),
    sh(
      'i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done; echo x >&2',
      {
        maxOutputBytes: 5000,
      },
    ),
    sh('(sleep 3; echo late) & echo early'),
    sh('ls /proc/self/fd | wc -l'),
    sh('grep -E "^Sig(Blk|Ign)" /proc/self/status'),
    { argv: ['sh', '-c', 'echo "$1|$2"', 'x', '$(id)', 'a b; `c`'] },
    { argv: ['/nonexistent/program'] },
    { argv: ['no-such-program-anywhere', '--x'] },
    { argv: ['/etc/passwd'] },
  ];
  const [node, quickjs] = await onBoth('run', cases, () => undefined);
  t.strictSame(quickjs, node);
  t.match(node, [{ status: 7 }, { stdout: 'out\n', stderr: 'err\n' }]);
});

const member = fc.record({
  arrives: fc.oneof(
    { weight: 5, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.constantFrom(1, 2, 3) },
    { weight: 2, arbitrary: fc.constant(null) },
  ),
  leaves: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, fc.constantFrom(0, 1)),
  behind: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.constant(5)),
});
const array: fc.Arbitrary<ArrayScript> = fc.record({
  level: fc.constantFrom(1, 5, 6),
  metadata: fc.constantFrom('0.90', '1.0', '1.1', '1.2'),
  listed: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.constant(false)),
  assembled: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
  degraded: fc.constantFrom('start', 'start', 'ask', 'never'),
  run: fc.constantFrom('works', 'works', 'silent', 'fails'),
  members: fc.array(member, { minLength: 2, maxLength: 4 }),
});
const WORDS: readonly (readonly (readonly string[])[])[] = [
  [
    ['boot', '--stage', 'before-passphrase'],
    ['boot', '--stage', 'release'],
  ],
  [
    ['boot', '--stage=all', '--limit-ms', '1'],
    ['start', 'a0'],
  ],
  [['start', '--dry-run'], ['start'], ['boot', '--stage', 'release']],
  [['boot'], ['boot', '--stage', 'x'], ['start', '--nonsense'], ['start', 'nobody']],
];
const story = fc.record({
  arrays: fc.array(array, { minLength: 1, maxLength: 2 }),
  words: fc.constantFrom(...WORDS),
});

type Story = (typeof story extends fc.Arbitrary<infer T> ? T : never) & {
  /** On the standard input of the last command. */
  readonly typed?: string;
};

async function play(
  program: readonly string[],
  { arrays, words, typed }: Story,
  slower: number,
): Promise<unknown> {
  return withFolder(async (root) => {
    buildMachine(root, arrays, slower);
    await run(['sh', join(root, 'bin/coldplug')]);
    const said: Ended[] = [];
    for (const command of words) {
      const list = command.length > 1 ? ['--watchlist', join(root, 'etc/watchlist.json')] : [];
      const ended = await run(
        [...program, root, String(SPEED / slower), 'engine', ...command, ...list],
        command === words.at(-1) ? typed : '',
      );
      said.push({
        ...ended,
        stdout: ended.stdout.replaceAll(root, ''),
        stderr: ended.stderr.replaceAll(root, ''),
      });
    }
    return { said, happened: whatHappened(root) };
  });
}

let lastReplay: Promise<unknown> = Promise.resolve();

/**
 * Real time runs there, and a busy computer can put two things in another order: seen was a disk that leaves 0.3 s before a
 * deadline, counted by one of both only. What differs is played again, slower each time and without the other stories beside it;
 * what differs at the slowest, where seconds lie between any two things, differs.
 */
const SLOWER = [4, 16];

async function playOnBoth(each: Story): Promise<readonly [unknown, unknown]> {
  const first = await playedAt(each, 1);
  if (isDeepStrictEqual(...first)) return first;
  const replay = lastReplay.then(() => playedAgain(each));
  lastReplay = replay.catch(() => undefined);
  return replay;
}

async function playedAgain(each: Story): Promise<readonly [unknown, unknown]> {
  let played: readonly [unknown, unknown] = [null, undefined];
  for (const slower of SLOWER) {
    played = await playedAt(each, slower);
    if (isDeepStrictEqual(...played)) break;
  }
  return played;
}

const playedAt = (each: Story, slower: number): Promise<[unknown, unknown]> =>
  Promise.all([play(onNode, each, slower), play(onQuickjs, each, slower)]);

test('a scripted machine: a degraded array is started by both', async (t) => {
  const there = { arrives: 0, leaves: null, behind: 0 };
  const degraded: ArrayScript = {
    ...{ level: 6, metadata: '1.2', listed: true, assembled: true, degraded: 'start', run: 'silent' },
    members: [there, { ...there, arrives: 1 }, { ...there, arrives: null }],
  };
  const scripted = { arrays: [degraded], words: [['boot', '--stage', 'before-passphrase']] };
  const [node, quickjs] = await playOnBoth(scripted);
  t.strictSame(quickjs, node);
  t.match(node, {
    said: [{ status: 0 }],
    happened: {
      udevadm: [/^udevadm monitor/, /^udevadm settle/],
      mdadm: [/^mdadm --run \/dev\/md127/],
      boot: { outcome: 'up' },
      states: [['md127', 'read-auto']],
    },
  });
});

test('a scripted machine: both ask which half of a split mirror, and start the one that is chosen', async (t) => {
  const alone = { arrives: 0, leaves: null, behind: 0, alone: true };
  const split: ArrayScript = {
    ...{ level: 1, metadata: '1.2', listed: true, assembled: false, degraded: 'start', run: 'works' },
    members: [alone, { ...alone, behind: 5 }],
  };
  const answers: readonly (readonly [words: readonly string[], typed: string, device: string | null])[] = [
    [['start', 'a0'], '2\nyes\n', 'sdab'],
    [['start', 'a0'], '1\ny\n', 'sdaa'],
    [['start', '--copy', '1'], '', 'sdaa'],
    [['start', '--copy=2,1', 'a0'], '', 'sdab'],
    [['start', 'a0'], '2\nn\n', null],
    [['start', 'a0'], '2\n', null],
    [['start', 'a0'], '', null],
    [['start', '--copy', '7'], '', null],
  ];
  await Promise.all(
    answers.map(async ([words, typed, device]) => {
      const [node, quickjs] = await playOnBoth({ arrays: [split], words: [words], typed });
      t.strictSame(quickjs, node);
      const calls =
        device === null ? [''] : [new RegExp(`^mdadm --incremental .*/${device} `), /^mdadm --run/, ''];
      t.match(
        node,
        { said: [{ status: device === null ? 1 : 0 }], happened: { mdadm: calls } },
        `${words} ${typed}`,
      );
      t.match(node, { said: [{ stdout: /QUESTION: array a0 \(raid1\) will not be started automatically/ }] });
    }),
  );
});

test('a scripted machine: the same effects and the same report from both', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(story, { minLength: 5, maxLength: 5 }), async (stories) => {
      const played = await Promise.all(stories.map(playOnBoth));
      for (const [i, [node, quickjs]] of played.entries())
        t.strictSame(quickjs, node, JSON.stringify(stories[i]));
    }),
    { numRuns: 2, endOnFailure: true },
  );
});
