import type { MdUuid } from '../../core/md/md-uuid.ts';
import type { MemberDevice } from '../../core/rejoin/readd-decision.ts';
import type { Files } from '../../ports/files.ts';
import type { MachinePaths } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { readDeviceSuperblock } from './superblock.ts';
import { isBlankByUdev, NEVER_MEMBER, readUdevRecord, versionByUdev } from './udev-record.ts';

const WIDTH = 16;

/**
 * The other visible members of an array, bound or not. What udev has not seen yet is asked too, and what it knows no content
 * of: while devices are discovered, the other half of a split brain may be one of them, and arrays and device-mapper devices
 * are announced before they have any.
 */
export async function readSiblings(
  files: Files,
  paths: Pick<MachinePaths, 'sys' | 'dev' | 'run'>,
  uuid: MdUuid,
  self: string,
): Promise<readonly MemberDevice[]> {
  const names = (await files.list(`${paths.sys}/class/block`)).filter(
    (name) => name !== self && !NEVER_MEMBER.test(name),
  );
  const found = await mapInBatches(names, WIDTH, async (device) => {
    const record = await readUdevRecord(files, paths, device);
    const version = record === null ? null : versionByUdev(record);
    if (record !== null && version === null && !isBlankByUdev(record)) return null;
    const superblock = await readDeviceSuperblock(files, paths, device, version);
    return superblock?.arrayUuid === uuid ? { device, superblock } : null;
  });
  return found.flatMap((member) => member ?? []);
}
