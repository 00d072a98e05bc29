// node test/boot/firmware/run.ts [--only LAYOUT,LAYOUT:disk1,...] [--cover] [--list] [--table] [--deb FILE]
// Machines that are started by their firmware, without each of their disks: what `explain` said on the boot before, and what happened.
// `:whole` is the machine with all its disks; `--table` judges what was booted last once more. The last lines are a table (Markdown) and `N passed, N failed`.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { installHostPrograms } from '../guest/host-command.ts';
import { newestPackage } from '../guest/newest-package.ts';
import { say, seconds } from '../guest/progress.ts';
import { scratchFolder } from '../guest/scratch.ts';
import { HarnessFault } from '../scenario/harness-fault.ts';
import { type Row, rowName, rowsOf } from './firmware-layout.ts';
import { judgeRow } from './judge.ts';
import { firmwareLayouts, WAIT_MS } from './layouts.ts';
import { type Seen, seeBoot } from './power-on.ts';
import { powerOn, type State, stateOf } from './state.ts';
import { type JudgedRow, tableOf } from './table.ts';
import { caseWithout, type ToldCase } from './told.ts';
import { problemsOfTouching } from './untouched.ts';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const out = join(project, 'test/boot/.out/firmware');

/** As the installer leaves a machine: without the disk with the loader it stops, without the other one it comes up; then with the remedies typed. */
const COVER = [
  ...['bios-one:disk1', 'bios-one:disk2', 'bios-both:disk1'],
  ...['efi-one:whole', 'efi-one:disk1', 'efi-one:disk2', 'efi-remedied:disk1', 'efi-remedied:disk2'],
];

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    cover: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    table: { type: 'boolean', default: false },
    deb: { type: 'string' },
  },
});

const wanted = options.cover ? COVER : options.only?.split(',');
const rows = firmwareLayouts
  .flatMap(rowsOf)
  .filter((row) => wanted?.some((name) => name === row.layout.name || name === rowName(row)) ?? true);
const unknown = wanted?.filter(
  (name) => !rows.some((row) => name === row.layout.name || name === rowName(row)),
);
if (rows.length === 0 || (unknown?.length ?? 0) > 0) {
  process.stderr.write(`no machine ${unknown?.join(', ')}; --list shows all\n`);
  process.exit(2);
}
if (options.list) {
  for (const { layout, absent } of rows)
    process.stdout.write(`${layout.name.padEnd(20)} ${(absent ?? 'whole').padEnd(6)} ${layout.title}\n`);
  process.exit(0);
}

if (options.table) {
  const kept = rows.filter((row) => existsSync(keptPath(row))).map(judgedAgain);
  process.stdout.write(`${tableOf(kept)}\n`);
  process.exit(kept.every(({ judgement }) => judgement.problems.length === 0) ? 0 : 1);
}

const deb = options.deb === undefined ? newestPackage() : resolve(options.deb);
if (deb === undefined) {
  process.stderr.write('there is no package to install: npm run package, or --deb FILE\n');
  process.exit(2);
}
await installHostPrograms(say);
const judged: JudgedRow[] = [];
let failed = 0;
const explainedOf = new Set<string>();
for (const row of rows) {
  const startedAtMs = performance.now();
  const problems = await runRow(row, deb);
  failed += problems.length > 0 ? 1 : 0;
  const { reached = '' } = judged.find((one) => one.row === row)?.seen ?? {};
  const time = seconds(performance.now() - startedAtMs).padStart(9);
  process.stdout.write(
    `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${rowName(row).padEnd(26)} ${time}  ${reached}\n`,
  );
  for (const text of problems) process.stdout.write(`       ${text}\n`);
}
process.stdout.write(`\n${tableOf(judged)}\n\n${rows.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** What is wrong; nothing where all went as said. */
async function runRow(row: Row, withDeb: string): Promise<readonly string[]> {
  try {
    const state = await stateOf(row.layout, firmwareLayouts, withDeb);
    const told = caseWithout(state.explained, row.absent);
    if (told === undefined) return ['explain said nothing of it'];
    const { seen, touched } = await boot(row, state);
    const judgement = judgeRow(told, seen, WAIT_MS);
    judged.push({ row, judgement, seen });
    writeFileSync(keptPath(row), `${JSON.stringify({ told, seen }, null, 1)}\n`);
    return [...judgement.problems, ...touched, ...problemsOfText(row, state)];
  } catch (error) {
    return [error instanceof HarnessFault ? `harness: ${error.message}` : String(error)];
  }
}

function keptPath({ layout, absent }: Row): string {
  return join(out, layout.name, `${absent ?? 'whole'}.json`);
}

function judgedAgain(row: Row): JudgedRow {
  const { told, seen } = JSON.parse(readFileSync(keptPath(row), 'utf8')) as {
    readonly told: ToldCase;
    readonly seen: Seen;
  };
  return { row, judgement: judgeRow(told, seen, WAIT_MS), seen };
}

interface Booted {
  readonly seen: Seen;
  readonly touched: readonly string[];
}

/** A boot that only the harness has spoiled is tried once more. */
async function boot(row: Row, state: State, attempt = 1): Promise<Booted> {
  const folder = scratchFolder('firmware');
  const machine = await powerOn(state, row.layout, folder, row.absent === null ? [] : [row.absent]);
  try {
    const seen = await seeBoot(machine);
    const isWhole = row.absent === null && seen.reached === 'system';
    return { seen, touched: isWhole ? await problemsOfTouching(machine, folder) : [] };
  } catch (error) {
    if (!(error instanceof HarnessFault) || attempt === 2) throw error;
    return await boot(row, state, attempt + 1);
  } finally {
    await machine.stop();
    const kept = join(out, row.layout.name);
    mkdirSync(kept, { recursive: true });
    writeFileSync(join(kept, `${row.absent ?? 'whole'}.console.log`), machine.console.raw);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What must be said of the machine as it stands: once for each. */
function problemsOfText({ layout }: Row, { explained }: State): readonly string[] {
  if (explainedOf.has(layout.name)) return [];
  explainedOf.add(layout.name);
  const text = explained.text.replace(/\s+/g, ' ');
  const problems = (layout.names ?? [])
    .filter((words) => !words.test(text))
    .map((words) => `explain --each does not say ${words}`);
  if (layout.promisesAll === true && explained.status !== 0)
    problems.push(`explain --each exits with ${explained.status}:\n${explained.text}`);
  if (layout.names !== undefined && explained.status === 0) problems.push('explain --each exits with 0');
  return problems;
}
