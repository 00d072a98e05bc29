// What a script under user-mode Linux can ask of its host, by a file in /run/job/requests: `plug-NAME` plugs a disk in as a hand
// would (the kernel's own hot-plug), `power-cut` ends the machine between two instructions, as a pulled cord does.
import { type ChildProcess, execFile } from 'node:child_process';
import { type FSWatcher, mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endGroup } from './owned-process.ts';

/** Name of a disk to what the kernel shall be told, such as `ubd3=/path,,disk3`. */
export type PluggableDisks = Readonly<Record<string, string>>;

export const REQUESTS = 'requests';
const client = fileURLToPath(new URL('./management-console.pl', import.meta.url));

/** `folder` is the job's own, where the kernel's management socket lies as well. Returns what stops the watch. */
export function answerRequests(folder: string, kernel: ChildProcess, disks: PluggableDisks): () => void {
  const requests = join(folder, REQUESTS);
  mkdirSync(requests, { recursive: true });
  const seen = new Set<string>();
  const watcher: FSWatcher = watch(requests, (_event, name) => {
    if (name === null || seen.has(name)) return;
    seen.add(name);
    if (name === 'power-cut') endGroup(kernel);
    const disk = disks[name.replace(/^plug-/, '')];
    if (disk !== undefined) void plugIn(join(folder, 'kernel', 'mconsole'), disk);
  });
  return () => watcher.close();
}

async function plugIn(socket: string, disk: string): Promise<void> {
  try {
    await promisify(execFile)('perl', [client, socket, `config ${disk}`]);
  } catch (error) {
    // the script waits for the disk and fails with its own words
    process.stderr.write(`plugging in ${disk}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
