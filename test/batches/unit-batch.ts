import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ROOT } from '../../tools/project.ts';

const BATCHES = readdirSync(import.meta.dirname)
  .filter((name) => /^unit-\d+\.test\.ts$/.test(name))
  .sort();

/**
 * Unit tests by the dozen in one process: they touch nothing outside it, and starting one for each would take five times as long as they
 * do. Each batch is a file beside this one; together they have every unit test. Each of those can be run by itself all the same; what
 * fails names its file under `at`.
 */
export async function runUnitBatch(url: string): Promise<void> {
  const batch = BATCHES.indexOf(basename(fileURLToPath(url)));
  if (batch < 0) throw new Error(`${url} is no batch of unit tests`);
  const files = readdirSync(join(ROOT, 'test/unit'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .sort()
    .filter((_, index) => index % BATCHES.length === batch);
  for (const file of files) await import(pathToFileURL(join(ROOT, 'test/unit', file)).href);
}
