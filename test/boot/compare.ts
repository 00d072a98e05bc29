// node test/boot/compare.ts FOLDER FOLDER        such as test/boot/.out/qemu test/boot/.out/user-mode
// Whether the boots of two runs decided alike, scenario by scenario; scenarios that only one of them has are counted.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { differences } from './scenario/decisions.ts';
import type { Outcome } from './scenario/outcome.ts';

const [first, second] = process.argv.slice(2);
if (first === undefined || second === undefined) {
  process.stderr.write('two folders with the outcomes of boots\n');
  process.exit(2);
}

const outcomeIn = (folder: string, id: string): Outcome =>
  JSON.parse(readFileSync(join(folder, id, 'outcome.json'), 'utf8')) as Outcome;
const idsIn = (folder: string): string[] =>
  readdirSync(folder).filter((id) => existsSync(join(folder, id, 'outcome.json')));

const theirs = new Set(idsIn(second));
const both = idsIn(first).filter((id) => theirs.has(id));
let failed = 0;
for (const id of both) {
  const found = differences(outcomeIn(first, id), outcomeIn(second, id));
  if (found.length > 0) failed += 1;
  for (const line of found) process.stdout.write(`${id}: ${line}\n`);
}
process.stdout.write(
  `${idsIn(first).length + theirs.size - 2 * both.length} scenarios in one of them only\n`,
);
process.stdout.write(`${both.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && both.length > 0 ? 0 : 1;
