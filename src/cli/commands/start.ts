import type { Command } from 'commander';
import type { Machine } from '../../app/machine.ts';
import { start } from '../../app/start/start.ts';
import { START } from '../command-table.ts';
import { copyNumbers } from '../options/copy-numbers.ts';
import { register } from './register.ts';
import { usageError } from './usage-error.ts';

export function addStartCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, START).action(
    async (arrays: string[], options: { dryRun: boolean; copy?: string; watchlist: string }) => {
      const { dryRun, copy, watchlist: watchlistPath } = options;
      const choices = copyNumbers(copy);
      if (typeof choices === 'string') usageError(choices);
      const request = { arrays, dryRun, choices, watchlistPath };
      const output = {
        out: (text: string) => process.stdout.write(`${text}\n`),
        err: (text: string) => process.stderr.write(`${text}\n`),
      };
      exit(await start(request, machine(), output));
    },
  );
}
