import { type Command, InvalidArgumentError } from 'commander';
import type { Machine } from '../../app/machine.ts';
import { WATCHLIST_PATH } from '../../app/own-places.ts';
import { start } from '../../app/start/start.ts';
import { copyNumbers } from '../options/copy-numbers.ts';
import { showStart } from './show-start.ts';
import { startDialogue } from './start-dialogue.ts';

export function addStartCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  program
    .command('start')
    .description('show the listed arrays and start, degraded if it must be, those that can be started')
    .argument('[array...]', 'name, UUID or device; all listed arrays when none is given')
    .option('--dry-run', 'print the exact mdadm commands and run none', false)
    .option(
      '--copy <numbers>',
      'answer the questions that come up, in their order: the number of a choice',
      numbers,
    )
    .option('--watchlist <file>', 'the watchlist to obey', WATCHLIST_PATH)
    .action(
      async (arrays: string[], options: { dryRun: boolean; copy?: readonly number[]; watchlist: string }) => {
        const { dryRun, copy: choices = [], watchlist: watchlistPath } = options;
        const output = {
          out: (text: string) => process.stdout.write(`${text}\n`),
          err: (text: string) => process.stderr.write(`${text}\n`),
        };
        const host = machine();
        const dialogue = startDialogue(host.operator, choices, output);
        exit(showStart(await start(host, { arrays, dryRun, watchlistPath }, dialogue), output));
      },
    );
}

function numbers(text: string): readonly number[] {
  const choices = copyNumbers(text);
  if (choices === null) throw new InvalidArgumentError('expected numbers from 1 to 9, such as 2 or 2,1');
  return choices;
}
