import type { Superblock } from '../core/md/superblock.ts';
import type { Files } from '../ports/files.ts';
import { readSuperblock } from './read/superblock.ts';

/** The md superblock of a device by its kernel name; `version` as for readSuperblock. Null when it has none, or no size. */
export async function readDeviceSuperblock(
  files: Files,
  { sys, dev }: { readonly sys: string; readonly dev: string },
  name: string,
  version: string | null,
): Promise<Superblock | null> {
  const sectors = Number.parseInt((await files.readText(`${sys}/class/block/${name}/size`)) ?? '', 10);
  if (!(sectors > 0)) return null;
  return readSuperblock(files, `${dev}/${name.replaceAll('!', '/')}`, sectors * 512, version);
}
