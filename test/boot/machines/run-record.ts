// A long run in several sittings: what became of each machine, a line of JSON each, in a file that outlives the run.
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { LivedBoot } from './live-machine.ts';

export interface RecordedMachine {
  readonly seed: number;
  readonly suite: string;
  readonly good: boolean;
  readonly boots: readonly Pick<LivedBoot, 'ending' | 'wasForetold'>[];
}

export interface RunRecord {
  /** What earlier runs of this package have seen of a machine; the last one counts. */
  known(seed: number, suite: string): RecordedMachine | undefined;
  add(machine: RecordedMachine): void;
}

/** Nothing is known of a package that was built anew: a record of another one's machines proves nothing of it. */
export function openRecord(path: string, deb: string): RunRecord {
  const of = createHash('sha256').update(readFileSync(deb)).digest('hex').slice(0, 16);
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
  const known = new Map<string, RecordedMachine>();
  for (const line of lines) {
    // The last line of a run that was ended may be half a line.
    if (!line.endsWith('}')) continue;
    const entry = JSON.parse(line) as RecordedMachine & { readonly package: string };
    if (entry.package === of) known.set(`${entry.seed} ${entry.suite}`, entry);
  }
  return {
    known: (seed, suite) => known.get(`${seed} ${suite}`),
    add: ({ seed, suite, good, boots }) => {
      const short = boots.map(({ ending, wasForetold }) => ({ ending, wasForetold }));
      appendFileSync(path, `${JSON.stringify({ package: of, seed, suite, good, boots: short })}\n`);
    },
  };
}
