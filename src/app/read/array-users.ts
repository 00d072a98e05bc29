import { parseMountinfo } from '../../core/parse/mountinfo.ts';
import { parseProcSwaps } from '../../core/parse/proc-swaps.ts';
import type { FactSources } from '../machine.ts';

type Sources = Pick<FactSources, 'files' | 'paths'>;

/** More layers than anybody stacks; a circle ends there. */
const MAX_DEVICES = 256;

/**
 * What is in use above each of these devices: mount points, and `swap`. As the kernel shows it to anybody, through LUKS, LVM and
 * other arrays.
 */
export async function readUsers(
  machine: Sources,
  devices: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const byNumber = await readUses(machine);
  const found = new Map<string, readonly string[]>();
  for (const device of devices) {
    const uses = new Set<string>();
    for (const above of await devicesAbove(machine, device))
      for (const use of byNumber.get(await numberOf(machine, above)) ?? []) uses.add(use);
    // A mount that is bound to many places is best known by the shortest.
    found.set(
      device,
      [...uses].sort((a, b) => a.length - b.length || (a < b ? -1 : 1)),
    );
  }
  return found;
}

async function readUses({ files, paths }: Sources): Promise<ReadonlyMap<string, readonly string[]>> {
  const uses = new Map<string, string[]>();
  const add = (number: string, use: string): void => {
    uses.set(number, [...(uses.get(number) ?? []), use]);
  };
  const mounts = parseMountinfo((await files.readText(`${paths.proc}/self/mountinfo`)) ?? '');
  for (const { device, source, mountPoint, rootInFs } of mounts) {
    // Only whole file systems: what is bound elsewhere is the same once more. btrfs has subvolumes, and a number of its own.
    if (!device.startsWith('0:')) {
      if (rootInFs === '/') add(device, mountPoint);
    } else if (source.startsWith('/dev/')) add(await numberAt({ files, paths }, source), mountPoint);
  }
  const swaps = parseProcSwaps((await files.readText(`${paths.proc}/swaps`)) ?? '');
  for (const { path, type } of swaps)
    if (type === 'partition') add(await numberAt({ files, paths }, path), 'swap');
  return uses;
}

const numberAt = async ({ files, paths }: Sources, path: string): Promise<string> =>
  (await files.deviceNumber(`${paths.dev}${path.slice('/dev'.length)}`)) ?? '';

const numberOf = async ({ files, paths }: Sources, device: string): Promise<string> =>
  (await files.readText(`${paths.sys}/class/block/${device}/dev`))?.trim() ?? '';

/** The device itself, its partitions, and all that stands on them. */
async function devicesAbove({ files, paths }: Sources, device: string): Promise<ReadonlySet<string>> {
  const block = `${paths.sys}/class/block`;
  const all = new Set([device]);
  for (const name of all) {
    if (all.size >= MAX_DEVICES) break;
    const entries = await files.list(`${block}/${name}`);
    const partitions = entries.filter((entry) => entry.startsWith(`${name}p`) && /p\d+$/.test(entry));
    for (const above of [...partitions, ...(await files.list(`${block}/${name}/holders`))]) all.add(above);
  }
  return all;
}
