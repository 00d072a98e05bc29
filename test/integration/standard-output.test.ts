// Both programs as they are shipped, their standard output full, without a reader, or closed.
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, constants, openSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import t, { test } from 'tap';
import { type CommandSpec, ENGINE_COMMANDS, HOST_COMMANDS } from '../../src/cli/command-table.ts';
import { hostArch } from '../../tools/build/arch.ts';
import { buildBinary } from '../../tools/build/build.ts';
import { buildBootEngine } from '../../tools/build/build-boot-engine.ts';

const PROGRAMS: readonly { readonly path: string; readonly commands: readonly CommandSpec[] }[] = [
  { path: await buildBinary(hostArch()), commands: HOST_COMMANDS },
  { path: await buildBootEngine(hostArch()), commands: ENGINE_COMMANDS },
];

// Many starts of a large program, on a machine that may have other things to do.
t.setTimeout(600_000);

/** Where a trace points to. */
const TRACE = /^\s+at |^\s*\^|node:|\.cjs|Error:/m;

/** Harmless words for each command, beside its help. */
function wordsFor({ name, argument, options }: CommandSpec): readonly (readonly string[])[] {
  const dry = options.some(({ flag }) => flag === 'dry-run') ? ['--dry-run'] : [];
  const operand = argument?.count === 'one' ? ['/dev/null'] : [];
  const acts = name === 'boot' || name === 'arrays';
  const run = acts ? [] : [[name, ...dry, ...operand]];
  return [[name, '--help'], ...run];
}

function run(path: string, words: readonly string[], stdout: number | 'closed') {
  const how = { encoding: 'utf8' as const, timeout: 60_000 };
  return stdout === 'closed'
    ? spawnSync('sh', ['-c', 'exec "$@" >&-', 'sh', path, ...words], {
        ...how,
        stdio: ['ignore', 'pipe', 'pipe'],
      })
    : spawnSync(path, words, { ...how, stdio: ['ignore', stdout, 'pipe'] });
}

const all = PROGRAMS.flatMap(({ path, commands }) =>
  commands.flatMap((command) =>
    wordsFor(command).map((words) => ({ path, words, isHelp: words[1] === '--help' })),
  ),
);

test('full: one line, status 1', async (t) => {
  const full = openSync('/dev/full', 'w');
  for (const { path, words, isHelp } of all) {
    const { status, stderr } = run(path, words, full);
    t.notMatch(stderr, TRACE, words.join(' '));
    t.not(status, 0, `${words.join(' ')}: status ${status}`);
    if (!isHelp) continue;
    t.equal(status, 1, words.join(' '));
    t.match(
      stderr,
      /^reliable-raid: error: standard output: .*no space left on device.*\n$/i,
      words.join(' '),
    );
  }
  closeSync(full);
});

test('nobody reads any more: quiet, with the status of a program that SIGPIPE ended', async (t) => {
  const fifo = join(t.testdir({}), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, constants.O_RDWR);
  const writer = openSync(fifo, constants.O_WRONLY);
  closeSync(reader);
  unlinkSync(fifo);
  for (const { path, words } of all.filter(({ isHelp }) => isHelp)) {
    const { status, stderr } = run(path, words, writer);
    t.match({ status, stderr }, { status: 141, stderr: '' }, words.join(' '));
  }
  closeSync(writer);
});

test('opened for reading only: one line, status 1', async (t) => {
  const readOnly = openSync('/dev/null', 'r');
  for (const { path } of PROGRAMS) {
    const words = ['--version'];
    const { status, stderr } = run(path, words, readOnly);
    t.equal(status, 1, words.join(' '));
    t.match(stderr, /^reliable-raid: error: standard output: .*bad file descriptor.*\n$/i, words.join(' '));
  }
  closeSync(readOnly);
});

test('closed: no trace', async (t) => {
  for (const { path, words, isHelp } of all.filter(
    ({ path: each, isHelp: help }) => help || each.endsWith('-boot'),
  )) {
    const { status, stderr } = run(path, words, 'closed');
    t.notMatch(stderr, TRACE, words.join(' '));
    // Node puts /dev/null there before any of our code runs, and nothing tells it from one that was asked for.
    if (isHelp) t.equal(status, path.endsWith('-boot') ? 1 : 0, words.join(' '));
  }
});
