import type { Command } from 'commander';
import { explain } from '../../app/inspect/explain.ts';
import type { Machine } from '../../app/machine.ts';
import { EXPLAIN } from '../command-table.ts';
import { register } from './register.ts';

interface ExplainOptions {
  readonly without: readonly string[];
  readonly each: boolean;
  readonly json: boolean;
}

export function addExplainCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, EXPLAIN).action(async ({ without, each, json }: ExplainOptions) => {
    const output = {
      out: (text: string) => process.stdout.write(text),
      err: (line: string) => process.stderr.write(`reliable-raid: ${line}\n`),
    };
    exit(await explain({ without, each, json }, machine(), output));
  });
}
