import type { Command } from 'commander';
import { ledger } from '../../app/ledger/ledger.ts';
import type { Machine } from '../../app/machine.ts';
import { resolve } from '../../app/watchlist/resolve.ts';
import type { Watchlist } from '../../core/watchlist/watchlist.ts';
import { LEDGER } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showLedger } from './show-ledger.ts';

export function addLedgerCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, LEDGER).action(async (options: { dryRun: boolean; json: boolean }) => {
    const host = machine();
    const findings = await ledger(host, options, () => resolveHere(host));
    exit(showLedger(findings, options.json, TERMINAL));
  });
}

async function resolveHere(host: Machine): Promise<Watchlist | null> {
  const { watchlist } = await resolve(host, { root: '/', fstab: null, resume: null, guessResume: true });
  return watchlist.ok ? watchlist.value : null;
}
