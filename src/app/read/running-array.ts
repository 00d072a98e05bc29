import { type MdUuid, parseMdUuid } from '../../core/md/md-uuid.ts';
import type { RunningArray } from '../../core/rejoin/readd-decision.ts';
import { isRunning } from '../../core/snapshot/snapshot.ts';
import type { Files } from '../../ports/files.ts';
import { readDeviceSuperblock } from './superblock.ts';
import type { ArrayFacts } from './sysfs-array.ts';
import { readArray } from './sysfs-array.ts';

const SET_UUID = /[1-9a-f]/;

export interface RunningArrayFacts extends RunningArray {
  /** Number of missing slots; null for levels without redundancy. */
  readonly degraded: number | null;
}

/**
 * The running array of that UUID with its members' superblocks, null when none runs. Looks no further at other arrays than it
 * must: the gate asks this for every member that appears.
 */
export async function readRunningArray(
  files: Files,
  paths: { readonly sys: string; readonly dev: string },
  uuid: MdUuid,
): Promise<RunningArrayFacts | null> {
  const sysBlock = `${paths.sys}/class/block`;
  for (const name of await files.list(sysBlock)) {
    if (!/^md[^p]*$/.test(name)) continue;
    const own = await readSetUuid(files, `${sysBlock}/${name}/md`);
    if (own !== null && own !== uuid) continue;
    const array = await readArray(files, sysBlock, name);
    if (array === null || array.external || !isRunning({ ...array, uuid: array.uuid })) continue;
    const facts = await readMembers(files, paths, array);
    if (own === uuid || facts.members[0]?.superblock.arrayUuid === uuid) return facts;
  }
  return null;
}

/** Null where sysfs does not say it: not started, 0.90 (another byte order), or an old kernel. */
async function readSetUuid(files: Files, md: string): Promise<MdUuid | null> {
  const text = await files.readText(`${md}/uuid`);
  if (text === null || !SET_UUID.test(text)) return null;
  const version = await files.readText(`${md}/metadata_version`);
  const uuid = version?.startsWith('1.') ? parseMdUuid(text) : null;
  return uuid?.ok ? uuid.value : null;
}

async function readMembers(
  files: Files,
  paths: { readonly sys: string; readonly dev: string },
  { device, degraded, bound }: ArrayFacts,
): Promise<RunningArrayFacts> {
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
