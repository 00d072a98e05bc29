import type { Command } from 'commander';
import { type BootStage, boot } from '../app/boot.ts';
import { WATCHLIST_PATH } from '../app/load-watchlist.ts';
import type { Machine } from '../app/machine.ts';
import { usageError } from './usage-error.ts';

const STAGES: readonly string[] = ['local-top', 'local-block', 'release'] satisfies BootStage[];

const isStage = (text: string): text is BootStage => STAGES.includes(text);

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
      const { stage, limitMs } = options;
      if (!isStage(stage)) return usageError(`--stage ${stage}: expected one of ${STAGES.join(', ')}`);
      if (limitMs !== undefined && !/^\d{1,12}$/.test(limitMs))
        return usageError(`--limit-ms ${limitMs}: expected milliseconds`);
      const limitAtMs = limitMs === undefined ? null : Number(limitMs);
      const request = { stage, limitAtMs, watchlistPath: options.watchlist };
      exit(await boot(request, machine(), (line) => process.stderr.write(`${line}\n`)));
    });
}
