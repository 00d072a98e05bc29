import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const RECORDED = join(import.meta.dirname, '../fixtures/recorded');

/** Every recorded output whose path matches. */
export const recordedOutputs = (pattern: RegExp): string[] =>
  readdirSync(RECORDED, { recursive: true, encoding: 'utf8' })
    .filter((path) => pattern.test(path))
    .map((path) => readFileSync(join(RECORDED, path), 'utf8'));
