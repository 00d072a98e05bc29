/**
 * Every test of the project, one part after the other; the last line is `N passed, N failed`.
 * ./check starts it with everything installed.
 */
import { mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { endInOneLine } from '../../src/adapters/node/standard-output.ts';
import { cacheRoot, trimCache } from '../../test/boot/guest/cache.ts';
import { PACKAGE, ROOT } from '../project.ts';
import {
  asOneTest,
  type Counts,
  countsOfBoots,
  countsOfTap,
  failuresInBoots,
  failuresInTap,
  wordsOf,
} from './count-tests.ts';

interface Part {
  readonly name: string;
  readonly run: () => Promise<Counts>;
  /** What it counts are mutated inputs: all of them are one test. */
  readonly inputs?: true;
  /** It uses about one processor (two random machines wait half of their time): those next to each other run together, as many as there are processors. */
  readonly beside?: true;
}

/** What failed is told once more at the end, since that is what is read first. */
const failures: string[] = [];

const PASSED: Counts = { passed: 1, failed: 0 };
const FAILED: Counts = { passed: 0, failed: 1 };

/** A program that passes or fails as a whole; what it says goes to the terminal. */
function program(...[file, ...args]: readonly [string, ...string[]]): () => Promise<Counts> {
  return async () => {
    const run = await execa(file, args, {
      cwd: ROOT,
      stdin: 'ignore',
      stdout: 'inherit',
      stderr: 'inherit',
      reject: false,
    });
    if (run.exitCode === undefined) process.stdout.write(`${run.message}\n`);
    return run.failed ? FAILED : PASSED;
  };
}

async function unitAndIntegration(): Promise<Counts> {
  const run = await execa('npm', ['test', '--silent', '--', '--reporter=tap'], {
    cwd: ROOT,
    stdin: 'ignore',
    stderr: 'inherit',
    reject: false,
  });
  for (const line of run.stdout.split('\n')) {
    if (/^(not )?ok \d+ - /.test(line)) process.stdout.write(`${line}\n`);
  }
  const counts = countsOfTap(run.stdout);
  if (counts === null) {
    process.stdout.write(`${run.stdout.slice(-4000)}\nno test ran, or tap ended before its summary\n`);
    return FAILED;
  }
  if (counts.failed > 0) failures.push(failuresInTap(run.stdout));
  if (run.failed && counts.failed === 0) return { ...counts, failed: 1 };
  return counts;
}

/** The same for one that runs beside others: what it says is held until its end. */
function countingBeside(...argv: readonly string[]): () => Promise<Counts> {
  return async () => {
    const run = await execa(process.execPath, argv, { cwd: ROOT, stdin: 'ignore', all: true, reject: false });
    process.stdout.write(`\n== ${argv.join(' ')}\n${run.all}\n`);
    const counts = countsOfBoots(run.stdout);
    failures.push(failuresInBoots(run.stdout));
    if (counts === null) return FAILED;
    return run.failed && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  };
}

/** A program of ours whose last line counts what passed. */
function counting(...argv: readonly string[]): () => Promise<Counts> {
  return async () => {
    const run = await execa(process.execPath, argv, {
      cwd: ROOT,
      stdin: 'ignore',
      stdout: ['pipe', 'inherit'],
      stderr: 'inherit',
      reject: false,
    });
    const counts = countsOfBoots(run.stdout);
    failures.push(failuresInBoots(run.stdout));
    if (counts === null) return FAILED;
    return run.failed && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  };
}

const PARTS: readonly Part[] = [
  { name: 'format and lint', run: program('biome', 'check', '.') },
  { name: 'types', run: program('tsc', '--noEmit') },
  { name: 'shell scripts', run: program(process.execPath, 'tools/check/lint-shell.ts') },
  { name: 'unit and integration tests', run: unitAndIntegration },
  {
    name: 'mutated input',
    run: counting('test/fuzz/run.ts', '--cases', '1000000', '--small', '30000'),
    inputs: true,
  },
  { name: 'build', run: program(process.execPath, 'tools/build/build.ts') },
  { name: 'package', run: program(process.execPath, 'tools/package/debian.ts') },
];

endInOneLine('error: ');
const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, all: { type: 'boolean', default: false } },
});
const deb = `dist/reliable-raid_${PACKAGE.version}_amd64.deb`;
const jobs = cpus().length > 1 ? '2' : '1';
const cover = values.all ? [] : ['--cover'];
const boots = ['--deb', deb, ...cover];
const MACHINES = ['--known', '--count', '2', '--seed', '1', '--no-shrink'];
const WITH_DRACUT = ['--suite', 'trixie-dracut', '--only', '1000005,1000007,1000008,2,9', '--no-shrink'];
const SAFE_WITH_DRACUT = [
  ...['--dracut', '--suite', 'trixie', '--only'],
  'mirror-half-missing-0.90,mirror-stale-alone-known,mirror-split-answer-2,raid5-dirty-degraded-4.4,layers-split-above,return-mirror-4.4',
];
const UNDER_KERNELS: readonly Part[] = [
  { name: 'base systems', run: program(process.execPath, 'test/boot/guest/bases.ts') },
  {
    name: 'from the firmware',
    run: countingBeside('test/boot/firmware/run.ts', '--deb', deb, ...cover),
    beside: true,
  },
  {
    name: 'resolver, real kernel',
    run: countingBeside('test/boot/real-kernel/run.ts', ...cover),
    beside: true,
  },
  { name: 'gate, real kernel', run: countingBeside('test/boot/real-kernel/gate.ts', ...cover), beside: true },
  {
    name: 'arrays, real kernel',
    run: countingBeside('test/boot/real-kernel/arrays.ts', ...cover),
    beside: true,
  },
  {
    name: 'disks that misbehave',
    run: countingBeside('test/boot/real-kernel/observe.ts', ...cover),
    beside: true,
  },
  {
    name: 'containers, real kernel',
    run: countingBeside('test/boot/real-kernel/containers.ts'),
    beside: true,
  },
  {
    name: 'explain, real kernel',
    run: countingBeside('test/boot/real-kernel/explain.ts', ...cover),
    beside: true,
  },
  { name: 'ledger, real kernel', run: countingBeside('test/boot/real-kernel/ledger.ts'), beside: true },
  {
    name: 'random machines',
    run: countingBeside('test/boot/machines/run.ts', ...MACHINES, '--deb', deb, '--jobs', jobs),
    beside: true,
  },
  {
    name: 'random machines, dracut',
    run: countingBeside('test/boot/machines/run.ts', ...WITH_DRACUT, '--deb', deb, '--jobs', jobs),
    beside: true,
  },
  {
    name: 'data safety, dracut',
    run: countingBeside('test/boot/safety/run.ts', ...SAFE_WITH_DRACUT, '--deb', deb, '--jobs', jobs),
    beside: true,
  },
  { name: 'data safety', run: counting('test/boot/safety/run.ts', '--jobs', jobs, ...cover) },
  {
    name: 'boots, user-mode Linux',
    run: counting(
      ...['test/boot/run.ts', '--lane', 'user-mode', '--platform', 'all,trixie-dracut', ...boots],
      ...['--jobs', String(cpus().length + 1)],
    ),
  },
  {
    name: 'boots, QEMU',
    run: counting('test/boot/run.ts', '--lane', 'qemu', '--platform', 'all', ...boots, '--jobs', jobs),
  },
  { name: 'power loss', run: counting('test/boot/power-loss/run.ts', '--deb', deb, '--jobs', jobs) },
  {
    name: 'lanes and platforms decide alike',
    run: counting('test/boot/compare.ts'),
  },
];

/** Guests and disks that the next run finds made. */
const CACHE_GIB = 12;
/** What the boots take beside the cache of an earlier run: a full disk ends them in ways that look like faults of ours. */
const ROOM_GIB = 24;
const LOOK_AT_DISK_MS = 10_000;

const parts = values.quick ? PARTS : [...PARTS, ...UNDER_KERNELS];
const rows: string[] = [];
const allStartedAt = performance.now();
let passed = 0;
let failed = 0;
let leastFreeGib = Number.POSITIVE_INFINITY;
let diskWatch: ReturnType<typeof setInterval> | undefined;
if (!values.quick) {
  diskWatch = setInterval(lookAtDisk, LOOK_AT_DISK_MS);
  await trimCache(CACHE_GIB * 2 ** 30);
  await lookAtDisk();
  if (leastFreeGib < ROOM_GIB) {
    const places = `${tmpdir()} and ${cacheRoot()}`;
    process.stdout.write(
      `warning: ${leastFreeGib.toFixed(1)} GiB are free for ${places}, and the boots may need ${ROOM_GIB}: make room, or set TMPDIR and RELIABLE_RAID_CACHE\n`,
    );
  }
}
for (const together of groups()) {
  process.stdout.write(`\n== ${together.map(({ name }) => name).join(', ')}\n`);
  const queue = [...together];
  const worker = async () => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) await runPart(part);
  };
  await Promise.all(Array.from({ length: together.length === 1 ? 1 : cpus().length }, worker));
}
rows.push(row('all', allStartedAt, ''));
if (!values.quick) {
  clearInterval(diskWatch);
  await lookAtDisk();
  const { keptBytes } = await trimCache(CACHE_GIB * 2 ** 30);
  rows.push(
    `the cache keeps ${(keptBytes / 2 ** 30).toFixed(1)} GiB of ${CACHE_GIB}; at least ${leastFreeGib.toFixed(1)} GiB of disk were free`,
  );
}
const told = failures.filter((text) => text !== '');
if (told.length > 0) process.stdout.write(`\n== failed\n${told.join('\n')}\n`);
process.stdout.write(`\n${rows.join('\n')}\n\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

async function runPart(part: Part): Promise<void> {
  const startedAt = performance.now();
  const counts = await part.run();
  const tests = part.inputs === true ? asOneTest(counts) : counts;
  passed += tests.passed;
  failed += tests.failed;
  rows.push(row(part.name, startedAt, wordsOf(counts, part.inputs === true)));
}

async function lookAtDisk(): Promise<void> {
  mkdirSync(cacheRoot(), { recursive: true });
  for (const folder of [tmpdir(), cacheRoot()]) {
    const { bavail, bsize } = await statfs(folder);
    leastFreeGib = Math.min(leastFreeGib, (bavail * bsize) / 2 ** 30);
  }
}

/** Parts in their order; those that run beside each other are one group. */
function groups(): readonly (readonly Part[])[] {
  const all: Part[][] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (part.beside === true && last?.[0]?.beside === true) last.push(part);
    else all.push([part]);
  }
  return all;
}

function row(name: string, startedAt: number, what: string): string {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  return `${name.padEnd(33)} ${String(seconds).padStart(5)} s  ${what}`.trimEnd();
}
