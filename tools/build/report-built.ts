import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import { ROOT } from '../project.ts';

/** One line on what a build step has made, or found unchanged. */
export async function reportBuilt(output: string, what: 'built' | 'unchanged'): Promise<void> {
  const { size } = await stat(output);
  process.stdout.write(`${relative(ROOT, output)}: ${what}, ${(size / 1e6).toFixed(1)} MB\n`);
}
