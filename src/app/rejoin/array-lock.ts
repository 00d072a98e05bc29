import type { MdUuid } from '../../core/md/md-uuid.ts';
import type { Machine } from '../machine.ts';
import { runPath } from '../own-places.ts';

type Files = Pick<Machine, 'files' | 'paths'>;

const LOOK_EVERY_MS = 200;
/** udev's queue is waited for this long once a lock is held: what was handed to mdadm before is through then. */
const SETTLE_MS = 10_000;

/**
 * Does something to arrays that nobody else may meanwhile start, or give members to: `start` by hand and `readd` wait for each other, and
 * the gate holds back what it would let pass. null: another program had one of them for longer than `waitMs`.
 */
export async function withArraysLocked<T>(
  machine: Pick<Machine, 'files' | 'paths' | 'clock' | 'deviceEvents'>,
  arrays: readonly MdUuid[],
  waitMs: number,
  act: () => Promise<T>,
): Promise<T | null> {
  const taken: MdUuid[] = [];
  const untilMs = machine.clock.nowMs() + waitMs;
  try {
    // In one order everywhere: of two that want the same, one gets all of it.
    for (const uuid of [...new Set(arrays)].sort()) {
      while (!(await take(machine, uuid))) {
        if (machine.clock.nowMs() >= untilMs) return null;
        await new Promise<void>((done) => machine.clock.after(LOOK_EVERY_MS, done));
      }
      taken.push(uuid);
    }
    if (taken.length > 0) await machine.deviceEvents.settle(SETTLE_MS);
    return await act();
  } finally {
    for (const uuid of taken) await machine.files.remove(lockPath(machine, uuid)).catch(() => undefined);
  }
}

/** Whether a program that still runs has it. One that has died has no lock; a link names its owner from its first instant on. */
export async function isLocked({ files, paths }: Files, uuid: MdUuid): Promise<boolean> {
  const owner = await files.readLink(lockPath({ paths }, uuid));
  const [, pid = '', started = ''] = /^(\d+) (\d+)$/.exec(owner ?? '') ?? [];
  return pid !== '' && (await startOf({ files, paths }, pid)) === started;
}

async function take(machine: Files, uuid: MdUuid): Promise<boolean> {
  const { files, paths } = machine;
  const pid = (await files.readLink(`${paths.proc}/self`)) ?? '';
  const owner = `${pid} ${(await startOf(machine, pid)) ?? ''}`;
  const path = lockPath(machine, uuid);
  try {
    await files.makeFolder(runPath(paths, 'locks'));
    if (await files.createLink(path, owner)) return true;
    if (await isLocked(machine, uuid)) return false;
    // Its owner has died. Whoever else sees that does the same; one of them makes it anew.
    await files.remove(path);
    return await files.createLink(path, owner);
  } catch {
    // Where nothing can be written, a lock must not be the reason that nothing is started.
    return true;
  }
}

const lockPath = ({ paths }: Pick<Machine, 'paths'>, uuid: MdUuid): string =>
  `${runPath(paths, 'locks')}/${uuid.replaceAll(':', '')}`;

/** When a process began, in clock ticks (proc(5), stat, field 22): numbers of processes are used again. null: there is none. */
async function startOf({ files, paths }: Files, pid: string): Promise<string | null> {
  const stat = /^\d+$/.test(pid) ? await files.readText(`${paths.proc}/${pid}/stat`) : null;
  // The name in brackets may hold anything.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}
