import type { MdUuid } from '../../core/md/md-uuid.ts';
import { parseUdevRecord } from '../../core/parse/udev-record.ts';
import type { MemberDevice } from '../../core/rejoin/readd-decision.ts';
import type { Files } from '../../ports/files.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { readDeviceSuperblock } from './superblock.ts';

const WIDTH = 16;
const NEVER_MEMBER = /^(md|zram|ram|sr|fd|mtdblock)\d/;

/**
 * The other visible members of an array, bound or not. Devices that udev has not seen yet are asked too: while devices are
 * discovered, the other half of a split brain may be one of them.
 */
export async function readSiblings(
  files: Files,
  paths: { readonly sys: string; readonly dev: string; readonly run: string },
  uuid: MdUuid,
  self: string,
): Promise<readonly MemberDevice[]> {
  const names = (await files.list(`${paths.sys}/class/block`)).filter(
    (name) => name !== self && !NEVER_MEMBER.test(name),
  );
  const found = await mapInBatches(names, WIDTH, async (device) => {
    const version = await versionByUdev(files, paths, device);
    if (version === null) return null;
    const superblock = await readDeviceSuperblock(files, paths, device, version || null);
    return superblock?.arrayUuid === uuid ? { device, superblock } : null;
  });
  return found.flatMap((member) => member ?? []);
}

/** Empty where udev has not seen it or does not say; null for a device that udev calls something else. */
async function versionByUdev(
  files: Files,
  { sys, run }: { readonly sys: string; readonly run: string },
  name: string,
): Promise<string | null> {
  const number = (await files.readText(`${sys}/class/block/${name}/dev`))?.trim() ?? '';
  const record = /^\d+:\d+$/.test(number) ? await files.readText(`${run}/udev/data/b${number}`) : null;
  if (record === null) return '';
  const properties = parseUdevRecord(record);
  return properties.get('ID_FS_TYPE') === 'linux_raid_member'
    ? (properties.get('ID_FS_VERSION') ?? '')
    : null;
}
