import type { Command } from 'commander';
import { explain } from '../app/explain.ts';
import type { Machine } from '../app/machine.ts';

export function addExplainCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  program
    .command('explain')
    .description('what the next boot would do, also with disks taken away')
    .option('--without <disk>', 'as if this disk were not there; may be repeated', collect, [])
    .option('--each', 'each single disk that the boot needs, in turn', false)
    .option('--json', 'for programs', false)
    .action(async (options: { without: string[]; each: boolean; json: boolean }) => {
      const output = {
        out: (text: string) => process.stdout.write(text),
        err: (line: string) => process.stderr.write(`reliable-raid: ${line}\n`),
      };
      exit(await explain(options, machine(), output));
    });
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];
