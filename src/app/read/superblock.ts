import { parseSuperblock, superblockLocations, WRONG_CHECKSUM } from '../../core/md/parse-superblock.ts';
import type { Superblock } from '../../core/md/superblock.ts';
import type { Files } from '../../ports/files.ts';
import type { MachinePaths } from '../machine.ts';
import { deviceNode } from './device-name.ts';

/**
 * The md superblock of a device, null when it has none that is whole. `version` is what udev says of it (ID_FS_VERSION) and
 * is looked for first; where nobody knows, the superblock written last is the one in use.
 */
export async function readSuperblock(
  files: Files,
  devicePath: string,
  deviceBytes: number,
  version: string | null,
): Promise<Superblock | null> {
  const locations = superblockLocations(deviceBytes);
  const named = locations.filter(({ metadata }) => version?.startsWith(metadata) ?? false);
  const others = locations.filter((location) => !named.includes(location));
  let newest: Superblock | null = null;
  for (const places of [named, others]) {
    for (const { metadata, offsetBytes, lengthBytes } of places) {
      const bytes = await files.readBytes(devicePath, offsetBytes, lengthBytes);
      if (bytes === null) continue;
      let parsed = parseSuperblock(metadata, bytes, deviceBytes);
      if (!parsed.ok && parsed.why === WRONG_CHECKSUM) {
        // A running array may have been writing it just then.
        const again = await files.readBytes(devicePath, offsetBytes, lengthBytes);
        if (again !== null) parsed = parseSuperblock(metadata, again, deviceBytes);
      }
      if (parsed.ok && parsed.value.updateTimeMs > (newest?.updateTimeMs ?? -1)) newest = parsed.value;
    }
    if (newest !== null) return newest;
  }
  return null;
}

/** The md superblock of a device by its kernel name; `version` as for readSuperblock. Null when it has none, or no size. */
export async function readDeviceSuperblock(
  files: Files,
  { sys, dev }: Pick<MachinePaths, 'sys' | 'dev'>,
  name: string,
  version: string | null,
): Promise<Superblock | null> {
  const sectors = Number.parseInt((await files.readText(`${sys}/class/block/${name}/size`)) ?? '', 10);
  if (!(sectors > 0)) return null;
  return readSuperblock(files, deviceNode(dev, name), sectors * 512, version);
}
