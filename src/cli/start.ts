import type { Command } from 'commander';
import { WATCHLIST_PATH } from '../app/load-watchlist.ts';
import type { Machine } from '../app/machine.ts';
import { start } from '../app/start.ts';

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
    .option('--watchlist <file>', 'the watchlist to obey', WATCHLIST_PATH)
    .action(async (arrays: string[], options: { dryRun: boolean; watchlist: string }) => {
      const request = { arrays, dryRun: options.dryRun, watchlistPath: options.watchlist };
      const output = {
        out: (text: string) => process.stdout.write(`${text}\n`),
        err: (text: string) => process.stderr.write(`${text}\n`),
      };
      exit(await start(request, machine(), output));
    });
}
