// node test/fuzz/run.ts [--cases N] [--seed S] [--small N]      also RELIABLE_RAID_FUZZ_SEED
// node test/fuzz/run.ts --seed S --target NAME --case N         one case again
// Mutated superblocks, outputs and files through every parser: none may throw, hang, or accept what makes no sense.
// --small: so many of them on the boot engine's QuickJS, too.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { execa } from 'execa';
import { readConfiguration } from '../../src/app/configuration/read-configuration.ts';
import { isAllowed, SETTING_NAMES } from '../../src/app/configuration/settings.ts';
import { tomlEntries } from '../../src/app/configuration/toml-entries.ts';
import { hostArch } from '../../tools/build/arch.ts';
import { buildBootEngine } from '../../tools/build/build-boot-engine.ts';
import { DIST } from '../../tools/project.ts';
import { readCorpus } from './corpus.ts';
import { type Fault, fuzz, runCase, targetsOf } from './fuzz.ts';

/** No input is larger than 64 KiB: what takes longer does not end. */
const HANGS_AFTER_MS = 20_000;

interface Work {
  readonly cases: number;
  readonly seed: number;
  /** Target and case under way. */
  readonly place: SharedArrayBuffer;
}

/** The configuration is only read where Node is. */
function toml(text: string): string | null {
  const { entries, faults } = tomlEntries(text);
  const { configuration, warnings } = readConfiguration([{ at: 'config.toml', entries }]);
  const { options } = configuration;
  for (const name of SETTING_NAMES) if (!isAllowed(name, options[name])) return `${name} = ${options[name]}`;
  if (options.notice_after > options.wait || options.wait > options.max_wait)
    return 'the waits are in no order';
  return [...warnings, ...faults.map(({ why }) => why)].every((warning) => /^[\x20-\x7e]*$/.test(warning))
    ? null
    : 'a warning with control characters';
}

const corpus = readCorpus();
const targets = targetsOf(corpus, { toml });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '1000000' },
      seed: { type: 'string', default: process.env['RELIABLE_RAID_FUZZ_SEED'] ?? '1' },
      small: { type: 'string', default: '0' },
      target: { type: 'string' },
      case: { type: 'string', default: '0' },
    },
  });
  const seed = Number(values.seed) >>> 0;
  const one = targets.find(({ name }) => name === values.target);
  if (one !== undefined) {
    const why = runCase(one, seed, Number(values.case));
    process.stdout.write(`${why ?? 'nothing wrong'}\n`);
    process.exitCode = why === null ? 0 : 1;
    return;
  }
  const cases = Number(values.cases);
  const small = Number(values.small);
  process.stdout.write(`seed ${seed}\n`);
  let failed = report(await inWorker(cases, seed));
  if (small > 0) failed += report(await onBootEngine(small, seed));
  process.stdout.write(`${Math.max(0, cases + small - failed)} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/** In a thread of its own, so that one that hangs can be told and ended. */
function inWorker(cases: number, seed: number): Promise<readonly Fault[]> {
  const place = new SharedArrayBuffer(8);
  const now = new Int32Array(place);
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { cases, seed, place } satisfies Work,
    });
    let before = '';
    const watch = setInterval(() => {
      const [target = 0, caseNumber = 0] = now;
      const at = `${target} ${caseNumber}`;
      if (at === before) {
        clearInterval(watch);
        resolve([{ target: targets[target]?.name ?? '', caseNumber, why: `hangs: ${HANGS_AFTER_MS} ms` }]);
        void worker.terminate();
      }
      before = at;
    }, HANGS_AFTER_MS);
    worker.on('message', (faults: readonly Fault[]) => {
      clearInterval(watch);
      resolve(faults);
    });
    worker.on('error', (error) => {
      clearInterval(watch);
      reject(error);
    });
  });
}

async function onBootEngine(cases: number, seed: number): Promise<readonly Fault[]> {
  const program = await buildBootEngine(
    hostArch(),
    'test/fuzz/fuzz-quickjs.ts',
    join(DIST, '.cache', 'test-engine', 'fuzz'),
  );
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-fuzz-'));
  try {
    writeFileSync(join(folder, 'corpus.json'), JSON.stringify(corpus));
    const run = await execa(program, [join(folder, 'corpus.json'), String(cases), String(seed)], {
      reject: false,
      timeout: 600_000,
    });
    if (run.exitCode === 0) return JSON.parse(run.stdout) as readonly Fault[];
    return [
      {
        target: 'boot engine',
        caseNumber: 0,
        why: `ended with ${run.exitCode ?? run.signal}: ${run.stderr}`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function report(faults: readonly Fault[]): number {
  for (const { target, caseNumber, why } of faults.slice(0, 20))
    process.stdout.write(`not ok - ${target}, case ${caseNumber}: ${JSON.stringify(why).slice(0, 600)}\n`);
  return faults.length;
}

if (isMainThread) await main();
else {
  const { cases, seed, place } = workerData as Work;
  const now = new Int32Array(place);
  const faults = fuzz(targets, cases, seed, (target, caseNumber) => {
    now[0] = target;
    now[1] = caseNumber;
  });
  parentPort?.postMessage(faults);
}
