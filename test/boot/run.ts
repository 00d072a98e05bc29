// node test/boot/run.ts [--lane qemu|user-mode] [--platform trixie,bookworm|all] [--only B2,B4] [--cover] [--jobs 2] [--deb PATH]
//   [--stock] [--list]
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installHostPrograms } from './guest/host-command.ts';
import { newestPackage } from './guest/newest-package.ts';
import { isOfDracut, type Platform, platforms, platformsNamed } from './guest/platforms.ts';
import { say, seconds } from './guest/progress.ts';
import { scratchFolder } from './guest/scratch.ts';
import { showsEachScreen } from './scenario/expect.ts';
import { HarnessFault } from './scenario/harness-fault.ts';
import type { Outcome } from './scenario/outcome.ts';
import { SCREEN_READER } from './scenario/read-screen.ts';
import {
  guestOf,
  needsStockImage,
  runScenario,
  type Setting,
  stockGuestOf,
} from './scenario/run-scenario.ts';
import { DEFAULT_LIMIT_S, type Expectation, type Scenario } from './scenario/scenario.ts';
import { scenarios } from './scenarios/all.ts';
import { isCovered } from './scenarios/cover.ts';
import type { Lane } from './vm/machine.ts';

/** A scenario on one platform. */
interface Job {
  readonly scenario: Scenario;
  readonly setting: Setting;
}

const project = fileURLToPath(new URL('../..', import.meta.url));

const { values: options } = parseArgs({
  options: {
    lane: { type: 'string', default: 'qemu' },
    only: { type: 'string' },
    cover: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '1' },
    platform: { type: 'string', default: platforms[0].suite },
    deb: { type: 'string' },
    stock: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
});

const { lane } = options;
if (lane !== 'qemu' && lane !== 'user-mode') fail(`no lane ${lane}: qemu or user-mode`);
const chosen = scenarios.filter((scenario) => isChosen(scenario, options.only) && runsIn(lane, scenario));
if (chosen.length === 0) fail(`no scenario ${options.only}; --list shows all`);
if (options.list) {
  for (const { id, layout, title } of chosen)
    process.stdout.write(`${id.padEnd(18)} ${layout.padEnd(16)} ${title}\n`);
  process.exit(0);
}

const deb = copyOfPackage(options.deb === undefined ? newestPackage() : resolve(options.deb));
const outFolder = join(project, 'test/boot/.out', lane);
const jobs = jobsOn(namedPlatforms()).sort((one, other) => mostSecondsOf(other) - mostSecondsOf(one));
const atATime = Math.min(lane === 'qemu' ? 2 : 6, Math.max(1, Number(options.jobs) || 1));
await installHostPrograms(say, jobs.some(readsScreen) ? SCREEN_READER : {});
const results = await runAll();
const passed = results.filter((result) => result).length;
process.stdout.write(`${passed} passed, ${results.length - passed} failed\n`);
process.exitCode = passed === results.length ? 0 : 1;

function namedPlatforms(): readonly Platform[] {
  try {
    return platformsNamed(options.platform);
  } catch (error) {
    fail(messageOf(error));
  }
}

function jobsOn(named: readonly Platform[]): Job[] {
  return named.flatMap((platform) => {
    const { suite } = platform;
    const folder = join(outFolder, suite);
    mkdirSync(folder, { recursive: true });
    const setting: Setting = { lane: lane as Lane, suite, deb, stock: options.stock, outFolder: folder };
    return chosen
      .filter((scenario) => !options.cover || isCovered(setting.lane, suite, scenario))
      .filter((scenario) => makesSense(scenario, platform))
      .map((scenario) => ({ scenario, setting }));
  });
}

/** The longest go first: one that is begun last is alone at the end. */
function mostSecondsOf(job: Job): number {
  const { before = [], limit = DEFAULT_LIMIT_S } = job.scenario;
  return (before.length + (isBootedTwice(job) ? 2 : 1)) * limit;
}

/** A guest that scenarios share. */
interface SharedGuest {
  readonly firstJob: Job;
  state: 'to-install' | 'installing' | 'there';
  /** Why it could not be installed, if so. */
  obstacle: string | undefined;
}

/**
 * Installing takes a processor for itself, a boot waits for much of its time: with a guest ready to boot, only one other is installed
 * beside it, in one of the same places. Five at a time on two processors took four times as long each.
 */
async function runAll(): Promise<boolean[]> {
  const results: boolean[] = [];
  const guests = new Map<string, SharedGuest>();
  const queue = jobs.map((job) => {
    const { layout, stage } = job.scenario;
    const key = [job.setting.suite, layout, stage, needsStock(job)].join(' ');
    const shared = guests.get(key) ?? { firstJob: job, state: 'to-install', obstacle: undefined };
    guests.set(key, shared);
    return { job, shared };
  });
  const sleepers: (() => void)[] = [];
  const sleep = () => new Promise<void>((resolve) => sleepers.push(resolve));
  const install = async (shared: SharedGuest) => {
    shared.state = 'installing';
    shared.obstacle = await installFor(shared.firstJob);
    shared.state = 'there';
    for (const wake of sleepers.splice(0)) wake();
  };
  const worker = async () => {
    while (queue.length > 0) {
      const installing = [...guests.values()].filter(({ state }) => state === 'installing').length;
      const next = [...guests.values()].find(({ state }) => state === 'to-install');
      const ready = queue.findIndex(({ shared }) => shared.state === 'there');
      if (next !== undefined && (installing === 0 || (ready < 0 && installing < cpus().length)))
        await install(next);
      else if (ready < 0) await sleep();
      else
        for (const { job, shared } of queue.splice(ready, 1))
          results.push(await runOne(job, shared.obstacle));
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return results;
}

function needsStock(job: Job): boolean {
  return needsStockImage(job.scenario) || isBootedTwice(job);
}

/** Without the product an image of dracut assembles nothing. */
function isBootedTwice({ scenario, setting }: Job): boolean {
  const isDracut = isOfDracut(setting.suite);
  return scenario.besideStock === true && !setting.stock && !isDracut;
}

/** Why it could not be installed, if so. */
async function installFor(job: Job): Promise<string | undefined> {
  const { scenario, setting } = job;
  try {
    await guestOf(scenario, setting);
    if (needsStock(job)) await stockGuestOf(scenario, setting);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function runOne(job: Job, obstacle: string | undefined): Promise<boolean> {
  const { scenario, setting } = job;
  if (obstacle !== undefined) {
    return report(job, performance.now(), [`could not be installed: ${obstacle}`]);
  }
  for (let attempt = 1; ; attempt += 1) {
    const started = performance.now();
    try {
      const outcome = await outcomeOf(job);
      writeFileSync(join(setting.outFolder, scenario.id, 'outcome.json'), outcomeText(outcome));
      const found = problems([showsEachScreen, ...scenario.expect], outcome);
      const disturbance = outcome.disturbance ?? outcome.stock?.disturbance;
      if (found.length > 0 && disturbance !== undefined) {
        throw new HarnessFault(`${disturbance}; seen meanwhile:\n       ${found.join('\n       ')}`);
      }
      return report(job, started, found);
    } catch (error) {
      // what the harness suffers is tried once more; a failed expectation never is
      if (!(error instanceof HarnessFault) || attempt === 2) {
        return report(job, started, [`harness: ${messageOf(error)}`]);
      }
      process.stdout.write(
        `again  ${scenario.id.padEnd(18)} ${setting.suite.padEnd(13)} harness: ${messageOf(error)}\n`,
      );
    }
  }
}

/** One after the other, so that neither slows the other down. */
async function outcomeOf(job: Job): Promise<Outcome> {
  const { scenario, setting } = job;
  if (!isBootedTwice(job)) return runScenario(scenario, setting);
  const { steps: _steps, ...withoutSteps } = scenario;
  const alone = { ...withoutSteps, id: `${scenario.id}-stock` };
  const seen = await runScenario(alone, { ...setting, stock: true });
  const { ending, rootMountedAt, initStartedAt, starvedBeforeRoot, data, failedUnits, disturbance } = seen;
  const stock = { ending, rootMountedAt, initStartedAt, starvedBeforeRoot, data, failedUnits, disturbance };
  return { ...(await runScenario(scenario, setting)), stock };
}

function problems(expected: readonly Expectation[], outcome: Outcome): string[] {
  const seen = expected.filter(({ needsScreen }) => lane === 'qemu' || needsScreen !== true);
  return seen.flatMap(({ what, problem }) => {
    const found = problem(outcome);
    return found === undefined ? [] : [`expected: ${what}\n         seen: ${found}`];
  });
}

function report({ scenario, setting }: Job, started: number, found: readonly string[]): boolean {
  const passed = found.length === 0;
  const time = seconds(performance.now() - started);
  process.stdout.write(
    `${passed ? 'ok    ' : 'FAILED'} ${scenario.id.padEnd(18)} ${setting.suite.padEnd(13)} ${time.padStart(8)}  ${scenario.title}\n`,
  );
  for (const text of found) process.stdout.write(`       ${text}\n`);
  if (!passed)
    process.stdout.write(
      `       console: test/boot/.out/${lane}/${setting.suite}/${scenario.id}/console.log\n`,
    );
  return passed;
}

/** The outcome without the console, which has a file of its own. */
function outcomeText(outcome: Outcome): string {
  const { lines: _lines, text: _text, image: _image, stockImage: _stock, ...rest } = outcome;
  return `${JSON.stringify(rest, null, 1)}\n`;
}

/** A user-mode kernel has no firmware. */
function runsIn(inLane: Lane, { firmware, besideStock, ownImage, steps = [] }: Scenario): boolean {
  if (inLane === 'qemu') return besideStock !== true && ownImage !== true;
  return firmware !== 'efi' && !steps.some(({ when, act }) => 'shown' in when || 'press' in act);
}

/** Says so where it does not. */
function makesSense(
  { id, notWithDracut, onlyWithDracut }: Scenario,
  { suite, generator }: Platform,
): boolean {
  if (generator !== 'dracut') return onlyWithDracut !== true;
  if (notWithDracut === undefined) return true;
  process.stdout.write(`not    ${id.padEnd(18)} ${suite.padEnd(13)} ${notWithDracut}\n`);
  return false;
}

function readsScreen({ scenario: { steps = [] } }: Job): boolean {
  return steps.some(({ when }) => 'shown' in when);
}

function isChosen(scenario: Scenario, only: string | undefined): boolean {
  if (only === undefined) return true;
  return only.split(',').some((name) => scenario.id === name || scenario.id.startsWith(`${name}-`));
}

/** All guests of a run get the same package, even if a new one is built meanwhile. */
function copyOfPackage(deb: string | undefined): string | undefined {
  if (deb === undefined) return undefined;
  const folder = scratchFolder('deb');
  const copy = join(folder, basename(deb));
  copyFileSync(deb, copy);
  return copy;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}
