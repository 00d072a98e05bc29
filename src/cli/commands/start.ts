import type { Command } from 'commander';
import type { Machine } from '../../app/machine.ts';
import { start } from '../../app/start/start.ts';
import { START } from '../command-table.ts';
import { copyNumbers } from '../options/copy-numbers.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showStart } from './show-start.ts';
import { startDialogue } from './start-dialogue.ts';
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
      const host = machine();
      const dialogue = startDialogue(host.operator, choices, TERMINAL);
      exit(showStart(await start(host, { arrays, dryRun, watchlistPath }, dialogue), TERMINAL));
    },
  );
}
