// The boot engine's own adapters do what Node's do: both programs against the same files, commands and scripted machines.
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { test } from 'tap';
import { hostArch } from '../../tools/build/arch.ts';
import { buildBootEngine } from '../../tools/build/build-boot-engine.ts';
import { DIST } from '../../tools/project.ts';
import { COMMANDS, fileBytes, filesCase, fillFolder } from '../support/adapter-cases.ts';
import { play, type Story } from '../support/play-story.ts';
import { answerOf } from '../support/run-adapter-program.ts';
import type { ArrayScript } from '../support/scripted-machine.ts';

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

/** The same task on both. */
const onBoth = (
  task: string,
  cases: unknown,
  fill: (folder: string) => void,
): Promise<readonly [unknown, unknown]> =>
  Promise.all([answerOf(onNode, task, cases, fill), answerOf(onQuickjs, task, cases, fill)]);

test('files: the same answers from both', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fileBytes,
      fileBytes,
      fc.array(filesCase, { minLength: 10, maxLength: 40 }),
      async (a, c, cases) => {
        const [node, quickjs] = await onBoth('files', cases, (folder) => {
          fillFolder(folder, a, c);
        });
        t.strictSame(quickjs, node);
      },
    ),
    { numRuns: 8 },
  );
});

test('commands: the same results from both', async (t) => {
  const [node, quickjs] = await onBoth('run', COMMANDS, () => undefined);
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
