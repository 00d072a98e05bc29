import { escapeForConsole } from '../core/text/escape-console.ts';
import type { RunResult } from '../ports/runner.ts';

/** Why a program did not do what it was asked, in its own words where it had some. */
export function whyItFailed({ status, stderr, error }: RunResult): string {
  const said = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const words = said.length === 0 ? '' : `: ${escapeForConsole(said.slice(0, 3).join('; '), 300)}`;
  const hint = /permission denied|must be (super-?user|root)|not permitted/i.test(stderr)
    ? ' (run it as root)'
    : '';
  if (status === null && error?.includes('ENOENT')) return 'is not installed';
  return status === null
    ? `could not be run: ${error ?? 'unknown reason'}${words}`
    : `failed with status ${status}${words}${hint}`;
}

/** What was thrown, in its own words. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
