import type { Command } from 'commander';
import { boot } from '../../app/boot/boot.ts';
import type { Machine } from '../../app/machine.ts';
import { WATCHLIST_PATH } from '../../app/own-places.ts';
import { bootRequest, STAGES } from '../options/boot-request.ts';
import { usageError } from './usage-error.ts';

export function addBootCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  program
    .command('boot')
    .description('in the initramfs: wait for the listed arrays, count down, start only them degraded')
    .requiredOption('--stage <stage>', `one of ${STAGES.join(', ')}`)
    .option('--limit-ms <milliseconds>', 'when the image generator gives up, since the kernel started')
    .option('--watchlist <file>', 'the watchlist to obey', WATCHLIST_PATH)
    .action(async (options: { stage: string; limitMs?: string; watchlist: string }) => {
      const request = bootRequest(options.stage, options.limitMs, options.watchlist);
      if (typeof request === 'string') return usageError(request);
      exit(await boot(request, machine(), (line) => process.stderr.write(`${line}\n`)));
    });
}
