import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../../tools/project.ts';

/**
 * Unit tests by the dozen in one process: they touch nothing outside it, and starting one for each would take five times as long as they do. Each
 * file can be run by itself all the same. What fails names its file under `at`.
 */
export const BATCHES = 4;

export async function runUnitBatch(batch: number): Promise<void> {
  const files = readdirSync(join(ROOT, 'test/unit'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts'))
    .sort()
    .filter((_, index) => index % BATCHES === batch);
  for (const file of files) await import(pathToFileURL(join(ROOT, 'test/unit', file)).href);
}
