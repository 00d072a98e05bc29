import { parseArgs } from 'node:util';
import { seconds } from '../guest/progress.ts';

export interface CaseOptions {
  /** Names, or parts of names, separated by commas; null: every case. */
  readonly only: string | null;
  readonly suite: string;
  /** Cases that are much like others are left out. */
  readonly cover: boolean;
  /** Switches of the program's own that were given. */
  readonly switches: ReadonlySet<string>;
}

/** Reads `--only NAME,NAME`, `--suite trixie`, `--cover` and the program's own switches. */
export function caseOptions(...switches: readonly string[]): CaseOptions {
  const own = Object.fromEntries(switches.map((name) => [name, { type: 'boolean' as const }]));
  const { values } = parseArgs({
    options: {
      ...own,
      only: { type: 'string' },
      suite: { type: 'string', default: 'trixie' },
      cover: { type: 'boolean', default: false },
    },
  });
  const given: Readonly<Record<string, unknown>> = values;
  return {
    only: values.only ?? null,
    suite: values.suite,
    cover: values.cover,
    switches: new Set(switches.filter((name) => given[name] === true)),
  };
}

/** `alike`: much like another one, at a cost: only for a run of everything. */
interface AnyCase {
  readonly name: string;
  readonly alike?: true;
}

export interface CaseRunner<Case extends AnyCase> {
  /** What all of them test, for the lines printed. */
  readonly subject: string;
  readonly cases: readonly Case[];
  /** Null when it is good; else lines that say what is wrong, and what the set-up said. */
  readonly judge: (one: Case) => Promise<string | null>;
  /** Only the cases that fail are printed one by one. */
  readonly quiet?: boolean;
}

/** Runs the chosen cases one after the other; the last line is `N passed, N failed`. No case at all is a failure. */
export async function runCases<Case extends AnyCase>(
  { only, cover }: CaseOptions,
  { subject, cases, judge, quiet = false }: CaseRunner<Case>,
): Promise<void> {
  const wanted = cover ? cases.filter(({ alike }) => alike !== true) : cases;
  const chosen = only === null ? wanted : choose(wanted, only.split(','));
  let failed = 0;
  for (const one of chosen) {
    const startedAtMs = performance.now();
    const why = await judge(one);
    if (why !== null) failed += 1;
    if (why === null && quiet) continue;
    const took = seconds(performance.now() - startedAtMs);
    process.stdout.write(
      `${why === null ? 'ok' : 'not ok'} - ${subject} ${one.name} (${took})\n${why ?? ''}`,
    );
  }
  process.stdout.write(`${chosen.length - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && chosen.length > 0 ? 0 : 1;
}

/** The case of that name; where none has it, those whose names hold the word. */
function choose<Case extends AnyCase>(cases: readonly Case[], words: readonly string[]): readonly Case[] {
  const chosen = new Set(
    words.flatMap((word) => {
      const exact = cases.filter(({ name }) => name === word);
      return exact.length > 0 ? exact : cases.filter(({ name }) => name.includes(word));
    }),
  );
  return cases.filter((one) => chosen.has(one));
}
