// node test/boot/compare.ts [FOLDER]        test/boot/.out, or one like it
// Whether a scenario's boots decided alike in both lanes of a platform, and on every platform.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { furtherPlatforms, platforms } from './guest/platforms.ts';
import { differences } from './scenario/decisions.ts';
import type { Outcome } from './scenario/outcome.ts';

interface Boot {
  readonly id: string;
  readonly where: string;
  readonly outcome: Outcome;
}

const folder = process.argv[2] ?? fileURLToPath(new URL('.out', import.meta.url));
const boots = ['user-mode', 'qemu'].flatMap((lane) =>
  [...platforms, ...furtherPlatforms].flatMap(({ suite }) =>
    bootsIn(join(folder, lane, suite), `${suite}, ${lane}`),
  ),
);
const scenarios = [...new Set(boots.map(({ id }) => id))].map((id) => boots.filter((boot) => boot.id === id));
const compared = scenarios.filter((several) => several.length > 1);
let failed = 0;
for (const several of compared) {
  const lines = several.slice(1).flatMap((boot) => unlike(several[0], boot));
  if (lines.length > 0) failed += 1;
  for (const line of lines) process.stdout.write(`${line}\n`);
}
const once = scenarios.length - compared.length;
process.stdout.write(`${boots.length} boots; ${once} scenarios booted once only\n`);
process.stdout.write(`${compared.length - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 && compared.length > 0 ? 0 : 1;

function unlike(first: Boot | undefined, other: Boot): string[] {
  if (first === undefined) return [];
  const found = differences(first.outcome, other.outcome);
  return found.map((line) => `${first.id} (${first.where}, and ${other.where}): ${line}`);
}

function bootsIn(place: string, where: string): Boot[] {
  if (!existsSync(place)) return [];
  return readdirSync(place).flatMap((id) => {
    const file = join(place, id, 'outcome.json');
    if (!existsSync(file)) return [];
    return [{ id, where, outcome: JSON.parse(readFileSync(file, 'utf8')) as Outcome }];
  });
}
