import type { Command } from 'commander';
import { explain } from '../../app/inspect/explain.ts';
import type { Machine } from '../../app/machine.ts';
import { EXPLAIN } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showExplanation } from './show-explanation.ts';
import { usageError } from './usage-error.ts';

interface ExplainOptions {
  readonly without: readonly string[];
  readonly each: boolean;
  readonly root: string;
  readonly json: boolean;
  readonly svg: boolean;
}

export function addExplainCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, EXPLAIN).action(async ({ without, each, root, json, svg }: ExplainOptions) => {
    if (json && svg) usageError('--json and --svg cannot be used together');
    if (!root.startsWith('/')) usageError(`--root ${root}: expected a path that begins with /`);
    exit(
      showExplanation(
        await explain(machine(), { without, each, root }),
        json ? 'json' : svg ? 'svg' : 'text',
        TERMINAL,
      ),
    );
  });
}
