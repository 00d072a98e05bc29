// What both test programs do over the ports: one stands on Node, the other on the boot engine's own adapters.
import type { Machine, MachinePaths } from '../../src/app/machine.ts';
import type { Output } from '../../src/app/output.ts';
import { bootEngine } from '../../src/cli/image/program.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Files } from '../../src/ports/files.ts';
import type { RunOptions } from '../../src/ports/runner.ts';

export interface Places {
  readonly paths: MachinePaths;
  readonly searchPath: string;
  readonly shell: string;
}

export interface RunCase {
  readonly argv: readonly [string, ...string[]];
  readonly options?: RunOptions;
}

/** A method of Files with its arguments. */
export type FilesCase = readonly [method: keyof Files, ...rest: readonly (string | number)[]];

/** Words: the machine's folder, how much faster time runs there, the task, and what it takes. */
export async function adapterProgram(
  words: readonly string[],
  machineAt: (places: Places) => Machine,
  output: Output,
): Promise<number> {
  const [root = '', speed = '1', task, ...rest] = words;
  const machine = machineAt(placesUnder(root));
  if (task === 'engine') {
    const faster = { ...machine, clock: fasterClock(machine.clock, Number(speed)) };
    return bootEngine(rest, () => faster, output);
  }
  const cases: unknown = JSON.parse((await machine.files.readText(rest[0] ?? '')) ?? '[]');
  if (task === 'run') output.out(JSON.stringify(await runAll(machine, cases as RunCase[])));
  if (task === 'files') output.out(JSON.stringify(await doAll(machine.files, cases as FilesCase[])));
  return 0;
}

function placesUnder(root: string): Places {
  return {
    paths: {
      sys: `${root}/sys`,
      dev: `${root}/dev`,
      run: `${root}/run`,
      proc: `${root}/proc`,
      etc: `${root}/etc`,
      varLib: `${root}/var/lib`,
    },
    searchPath: `${root}/bin:/usr/bin:/bin`,
    shell: `${root}/bin/shell`,
  };
}

const fasterClock = (clock: Clock, times: number): Clock => ({
  nowMs: () => clock.nowMs() * times,
  after: (delayMs, call) => clock.after(delayMs / times, call),
});

/** All at once. The words for why a program did not start are the runtime's own. */
async function runAll(machine: Machine, cases: readonly RunCase[]): Promise<unknown> {
  return Promise.all(
    cases.map(async ({ argv, options }) => {
      const result = await machine.runner.run(argv, options);
      const started = result.error === null || /^(ended by|timed out)/.test(result.error);
      return started ? result : { ...result, error: 'not started' };
    }),
  );
}

/** One after the other; what a rejection says is the runtime's own. */
async function doAll(files: Files, cases: readonly FilesCase[]): Promise<unknown> {
  const results: unknown[] = [];
  for (const [method, ...rest] of cases) {
    const call = files[method].bind(files) as (...rest: readonly (string | number)[]) => Promise<unknown>;
    results.push(await call(...rest).then(comparable, () => 'rejected'));
  }
  return results;
}

function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (typeof value === 'object' && value !== null && 'detail' in value) return { ...value, detail: '' };
  return value === undefined ? 'done' : value;
}
