import type { Command } from 'commander';
import { explain } from '../../app/inspect/explain.ts';
import type { Machine } from '../../app/machine.ts';
import { showExplanation } from './show-explanation.ts';

interface ExplainOptions {
  readonly without?: readonly string[];
  readonly each?: boolean;
  readonly json?: boolean;
}

export function addExplainCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  program
    .command('explain')
    .description('what the next boot would do, also with disks taken away')
    .option('--without <disk>', 'as if this disk were not there; may be repeated', collect)
    .option('--each', 'each single disk that the boot needs, in turn')
    .option('--json', 'for programs')
    .action(async ({ without = [], each = false, json = false }: ExplainOptions) => {
      const output = {
        out: (text: string) => process.stdout.write(`${text}\n`),
        err: (text: string) => process.stderr.write(`${text}\n`),
      };
      exit(showExplanation(await explain(machine(), { without, each }), json, output));
    });
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];
