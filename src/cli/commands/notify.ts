import type { Command } from 'commander';
import { readListNow } from '../../app/inspect/status.ts';
import type { Machine } from '../../app/machine.ts';
import { notify, notifyTest } from '../../app/notices/notify.ts';
import type { NoticeWays } from '../../ports/notice-ways.ts';
import { NOTIFY } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showNotify } from './show-notify.ts';

/** Looks that follow each other while something waits; then the next event, or the next day, brings one. */
const MAX_LOOKS = 5;

export function addNotifyCommand(
  program: Command,
  machine: () => Machine,
  ways: () => NoticeWays,
  exit: (status: number) => void,
): void {
  register(program, NOTIFY).action(
    async (_event: readonly string[], { test, dryRun }: { test: boolean; dryRun: boolean }) => {
      const host = machine();
      if (test) {
        exit(showNotify(await notifyTest(host, ways()), dryRun, TERMINAL));
        return;
      }
      const listNow = await readListNow(host);
      for (let look = 1; ; look++) {
        const findings = await notify(host, ways(), listNow, { dryRun });
        exit(showNotify(findings, dryRun, TERMINAL));
        const { againAfterMs } = findings;
        if (againAfterMs === null || dryRun || look === MAX_LOOKS) return;
        await new Promise<void>((resolve) => {
          host.clock.after(againAfterMs, resolve);
        });
      }
    },
  );
}
