import type { Command } from 'commander';
import { ledger } from '../../app/ledger/ledger.ts';
import type { Machine } from '../../app/machine.ts';
import { resolve } from '../../app/watchlist/resolve.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { showLedger } from './show-ledger.ts';

export function addLedgerCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  program
    .command('ledger')
    .description('record which members of each array are in sync, for the next boot')
    .option('--dry-run', 'show what is known in each place, and write nothing', false)
    .option('--json', 'as JSON', false)
    .action(async (options: { dryRun: boolean; json: boolean }) => {
      const output = {
        out: (text: string) => process.stdout.write(`${text}\n`),
        err: (text: string) => process.stderr.write(`${text}\n`),
      };
      const host = machine();
      const findings = await ledger(host, options, () => resolveHere(host));
      exit(showLedger(findings, options.json, output));
    });
}

async function resolveHere(host: Machine): Promise<Watchlist | null> {
  const { watchlist } = await resolve(host, { root: '/', fstab: null, resume: null, guessResume: true });
  return watchlist.ok ? watchlist.value : null;
}
