import type { Command } from 'commander';
import { explain } from '../../app/inspect/explain.ts';
import type { Machine } from '../../app/machine.ts';
import { VERIFY } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showVerification } from './show-explanation.ts';
import { usageError } from './usage-error.ts';

interface VerifyOptions {
  readonly root: string;
  readonly json: boolean;
}

export function addVerifyCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, VERIFY).action(async ({ root, json }: VerifyOptions) => {
    if (!root.startsWith('/')) usageError(`--root ${root}: expected a path that begins with /`);
    exit(showVerification(await explain(machine(), { without: [], each: false, root }), json, TERMINAL));
  });
}
