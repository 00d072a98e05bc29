import { isBootHeld } from '../../core/parse/systemd-jobs.ts';
import type { Machine } from '../machine.ts';

const LIST_JOBS = ['systemctl', 'list-jobs', '--plain', '--no-legend'] as const;
const LIST_JOBS_MS = 10_000;

/** Whether systemd holds the boot for a device. Once it does not, it never will again in this boot, and nobody is asked any more. */
export function bootHold({ runner }: Pick<Machine, 'runner'>): () => Promise<boolean> {
  let isOver = false;
  return async () => {
    if (isOver) return false;
    const { status, stdout } = await runner.run(LIST_JOBS, { timeoutMs: LIST_JOBS_MS });
    isOver = status !== 0 || !isBootHeld(stdout);
    return !isOver;
  };
}
