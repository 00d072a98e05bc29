import type { Command } from 'commander';
import { readListNow, readStatus } from '../../app/inspect/status.ts';
import type { Machine } from '../../app/machine.ts';
import { STATUS } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { paintFor, showStatus } from './show-status.ts';
import { usageError } from './usage-error.ts';

const REDRAW_MS = 2000;
/** To the first column of the first line, and whatever stood there is gone. */
const CLEAR = '\x1b[H\x1b[2J';

interface StatusOptions {
  readonly json: boolean;
  readonly watch: boolean;
  readonly quiet: boolean;
}

export function addStatusCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, STATUS).action(async (arrays: readonly string[], options: StatusOptions) => {
    const { json, watch, quiet } = options;
    if (watch && (json || quiet)) usageError('--watch is for people: without --json and --quiet');
    const host = machine();
    const isTerminal = process.stdout.isTTY === true;
    const paint = paintFor(isTerminal, process.env);
    const listNow = await readListNow(host);
    const show = async (): Promise<void> =>
      exit(showStatus(await readStatus(host, listNow), { arrays, json, quiet }, paint, TERMINAL));
    if (!watch) return show();
    for (;;) {
      if (isTerminal) process.stdout.write(CLEAR);
      await show();
      await new Promise<void>((resolve) => {
        host.clock.after(REDRAW_MS, resolve);
      });
    }
  });
}
