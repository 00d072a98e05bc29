// node test/boot/machines/run.ts [--count 10] [--seed 1] [--only SEED,SEED] [--jobs 2] [--suite trixie,bookworm-dracut] [--deb PATH] [--list] [--no-shrink] [--keep] [--record FILE]
// Random machines: each seed is a machine, a history and its power-ons. What fails is shrunk, and its disks are kept.
// Several suites take turns by the seed. With --record a run that was ended goes on where it was: machines that passed with this package are not lived again.

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installHostPrograms } from '../guest/host-command.ts';
import { newestPackage } from '../guest/newest-package.ts';
import { say, seconds } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { HarnessFault } from '../scenario/harness-fault.ts';
import { generateMachine } from './generate.ts';
import { knownMachines } from './known-machines.ts';
import { Disturbed, type Laboratory, type LifeResult, liveMachine } from './live-machine.ts';
import { describe, type MachinePlan } from './machine-plan.ts';
import { goldenSystem } from './raw-machine.ts';
import { openRecord, type RecordedMachine } from './run-record.ts';
import { shrink } from './shrink.ts';

const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    suite: { type: 'string', default: 'trixie' },
    deb: { type: 'string' },
    list: { type: 'boolean', default: false },
    known: { type: 'boolean', default: false },
    'no-shrink': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
    record: { type: 'string' },
  },
});

const first = Number(options.seed);
const count = Number(options.count);
const seeds =
  options.only === undefined
    ? [
        ...(options.known ? knownMachines.map(({ seed }) => seed) : []),
        ...Array.from({ length: count }, (_, index) => first + index),
      ]
    : options.only.split(',').map(Number);
if (seeds.length === 0 || seeds.some((seed) => !Number.isSafeInteger(seed)))
  fail('--count, --seed and --only are numbers');
const plans = seeds.map(
  (seed) => knownMachines.find((known) => known.seed === seed)?.plan ?? generateMachine(seed),
);
if (options.list) {
  for (const plan of plans) process.stdout.write(`${String(plan.seed).padStart(6)}  ${describe(plan)}\n`);
  process.exit(0);
}

const suites = options.suite.split(',');
const suiteOf = (seed: number): string => suites[seed % suites.length] as string;
const project = fileURLToPath(new URL('../../..', import.meta.url));
const kept = join(project, 'test/boot/.out/machines');
mkdirSync(kept, { recursive: true });
await installHostPrograms(say);
const deb = options.deb === undefined ? newestPackage() : resolve(options.deb);
if (deb === undefined) fail('there is no package to install: npm run package, or --deb PATH');
const laboratories: Laboratory[] = [];
for (const suite of suites) laboratories.push({ golden: await goldenSystem(suite, deb), suite });
const scratch = scratchFolder('machines');

/** Of a machine that its host starved, or whose emulator failed. */
const MOST_ATTEMPTS = 3;

const tally = { passed: 0, failed: 0, boots: 0, foretold: 0 };
const endings = new Map<string, number>();
const record = options.record === undefined ? null : openRecord(resolve(options.record), deb);
const queue = plans.filter(({ seed }) => known(seed)?.good !== true);
for (const plan of plans) {
  const before = known(plan.seed);
  if (before?.good !== true) continue;
  tally.passed += 1;
  countBoots(before);
}
if (tally.passed > 0) say(`${tally.passed} machines have passed before`);
const startedAtMs = performance.now();
await Promise.all(Array.from({ length: Math.max(1, Number(options.jobs) || 1) }, worker));
process.stdout.write(
  `${tally.boots} boots (${[...endings].map(([ending, times]) => `${ending} ${times}`).join(', ')}), ${tally.foretold} of them foretold, in ${seconds(performance.now() - startedAtMs)}\n`,
);
process.stdout.write(`${tally.passed} passed, ${tally.failed} failed\n`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;

async function worker(): Promise<void> {
  for (let plan = queue.shift(); plan !== undefined; plan = queue.shift()) {
    const good = await tryMachine(plan);
    if (good) tally.passed += 1;
    else tally.failed += 1;
  }
}

/** What an earlier sitting of this run has seen of a machine. */
function known(seed: number): RecordedMachine | undefined {
  return record?.known(seed, suiteOf(seed));
}

async function tryMachine(plan: MachinePlan): Promise<boolean> {
  const began = performance.now();
  const laboratory = laboratoryOf(plan);
  const folder = join(scratch, `machine-${plan.seed}`);
  let earlier: Disturbed | null = null;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await liveMachine(plan, folder, laboratory);
      countBoots(result);
      record?.add({
        seed: plan.seed,
        suite: laboratory.suite,
        good: result.violations.length === 0,
        boots: result.boots,
      });
      const good = result.violations.length === 0;
      const words = result.boots.map(
        ({ ending, wasForetold }) => `${ending}${wasForetold ? ' as foretold' : ''}`,
      );
      line(good ? 'ok    ' : 'FAILED', plan, began, good ? words.join(', ') : describe(plan));
      if (good && options.keep) keep(folder, `${plan.seed}`);
      if (good) rmSync(folder, { recursive: true, force: true });
      if (good) return true;
      await explainFailure(plan, result, folder);
      return false;
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      if (error instanceof Disturbed && earlier !== null && error.isAs(earlier)) {
        line('FAILED', plan, began, `${describe(plan)} (seen twice on a busy host)`);
        await explainFailure(plan, { boots: [], violations: error.violations }, folder);
        return false;
      }
      if (error instanceof Disturbed) earlier = error;
      if (!(error instanceof HarnessFault) || attempt === MOST_ATTEMPTS) {
        line('FAILED', plan, began, `harness: ${text}\n       ${describe(plan)}`);
        keep(folder, `${plan.seed}`);
        return false;
      }
      line('again ', plan, began, `harness: ${text}\n       logs: ${keep(folder, `${plan.seed}-first`)}`);
    }
  }
}

async function explainFailure(plan: MachinePlan, result: LifeResult, folder: string): Promise<void> {
  for (const { rule, text } of result.violations) process.stdout.write(`       ${rule}: ${text}\n`);
  process.stdout.write(
    `       disks and logs: ${keep(folder, `${plan.seed}`)}\n       again: npm run machines -- --suite ${suiteOf(plan.seed)} --only ${plan.seed}\n`,
  );
  if (options['no-shrink']) return;
  const rule = result.violations[0]?.rule;
  const fails = async (smaller: MachinePlan): Promise<boolean> => {
    try {
      const again = await liveMachine(smaller, join(scratch, `shrunk-${plan.seed}`), laboratoryOf(plan));
      return again.violations.some((violation) => violation.rule === rule);
    } catch (error) {
      if (error instanceof HarnessFault) return false;
      throw error;
    }
  };
  const smallest = await shrink(plan, fails);
  process.stdout.write(
    `       smallest that fails alike: ${describe(smallest)}\n       ${JSON.stringify(smallest)}\n`,
  );
}

function laboratoryOf({ seed }: MachinePlan): Laboratory {
  return laboratories[seed % laboratories.length] as Laboratory;
}

/** Moves a machine's folder out of the scratch folder. */
function keep(folder: string, name: string): string {
  const place = join(kept, name);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  execFileSync('cp', ['-a', '--sparse=always', `${folder}/.`, place]);
  return place;
}

function countBoots({ boots }: Pick<RecordedMachine, 'boots'>): void {
  tally.boots += boots.length;
  for (const { ending, wasForetold } of boots) {
    endings.set(ending, (endings.get(ending) ?? 0) + 1);
    if (wasForetold) tally.foretold += 1;
  }
}

function line(word: string, plan: MachinePlan, began: number, text: string): void {
  const took = seconds(performance.now() - began).padStart(8);
  const on = suites.length === 1 ? '' : `${suiteOf(plan.seed)}: `;
  process.stdout.write(`${word} ${String(plan.seed).padStart(6)} ${took}  ${on}${text}\n`);
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}
