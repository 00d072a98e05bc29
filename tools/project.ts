/** Where the project is and what its package.json says; every developers' program starts here. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endInOneLine } from '../src/adapters/node/standard-output.ts';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const DIST = join(ROOT, 'dist');

interface PackageJson {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

export const PACKAGE = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageJson;

/** Ends a developers' program with what went wrong and what to type next. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Runs a developers' program: errors in one line, exit status 1. */
export async function runTool(main: () => Promise<void>): Promise<void> {
  endInOneLine('error: ');
  try {
    await main();
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    if (error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
    process.exitCode = 1;
  }
}
