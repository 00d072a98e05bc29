import type { Command } from 'commander';
import { explain } from '../../app/inspect/explain.ts';
import type { Machine } from '../../app/machine.ts';
import { EXPLAIN } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showExplanation } from './show-explanation.ts';

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
    exit(showExplanation(await explain(machine(), { without, each }), json, TERMINAL));
  });
}
