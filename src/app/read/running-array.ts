import type { MdUuid } from '../../core/md/md-uuid.ts';
import type { RunningArray } from '../../core/rejoin/readd-decision.ts';
import { isRunning } from '../../core/snapshot/snapshot.ts';
import type { Files } from '../../ports/files.ts';
import type { MachinePaths } from '../machine.ts';
import { readDeviceSuperblock } from './superblock.ts';
import { readArray, readSetUuid, type SysfsArray } from './sysfs-array.ts';

/**
 * The running array of that UUID with its members' superblocks, null when none runs. Looks no further at other arrays than it
 * must: the gate asks this for every member that appears.
 */
export async function readRunningArray(
  files: Files,
  paths: Pick<MachinePaths, 'sys' | 'dev'>,
  uuid: MdUuid,
): Promise<RunningArray | null> {
  for (const name of await files.list(`${paths.sys}/class/block`)) {
    if (!name.startsWith('md')) continue;
    const own = await readSetUuid(files, paths, name);
    if (own !== null && own !== uuid) continue;
    const array = await readArray(files, paths, name);
    if (array === null || array.external || !isRunning(array)) continue;
    const facts = await readMembers(files, paths, array);
    if (own === uuid || facts.members[0]?.superblock.arrayUuid === uuid) return facts;
  }
  return null;
}

async function readMembers(
  files: Files,
  paths: Pick<MachinePaths, 'sys' | 'dev'>,
  { device, degraded, bound }: SysfsArray,
): Promise<RunningArray> {
  const present = [...bound].flatMap(([name, { faulty }]) => (faulty ? [] : [name]));
  const read = await Promise.all(
    present.map(async (name) => ({
      device: name,
      superblock: await readDeviceSuperblock(files, paths, name, null),
    })),
  );
  // In the order of their names, whichever answers first: what is said of them must not depend on that.
  const members = read.flatMap(({ device: name, superblock }) =>
    superblock === null ? [] : [{ device: name, superblock }],
  );
  const unreadable = read.flatMap(({ device: name, superblock }) => (superblock === null ? [name] : []));
  return { device, degraded, members, unreadable };
}
