import { bestName } from '../../core/topology/disk-identity.ts';
import type { DiskIdentity } from '../../core/watchlist/watchlist.ts';
import type { FactSources } from '../machine.ts';
import { readUdevRecord } from './udev-record.ts';

const SECTOR_BYTES = 512;

/** How a person knows the disk of a member, by udev's record of it; null where udev knows nothing that would tell it apart. */
export async function readDiskIdentity(
  { files, paths }: Pick<FactSources, 'files' | 'paths'>,
  device: string,
): Promise<DiskIdentity | null> {
  const record = await readUdevRecord(files, paths, device);
  const model = record?.get('ID_MODEL')?.replaceAll('_', ' ').trim() ?? null;
  const serial = record?.get('ID_SERIAL_SHORT') ?? record?.get('ID_SERIAL') ?? null;
  const links = record?.get('DEVLINKS')?.split(' ') ?? [];
  const byId = bestName(links.flatMap((link) => /^\/dev\/disk\/by-id\/([^/]+)$/.exec(link)?.[1] ?? []));
  if (model === null && serial === null && byId === null) return null;
  const sectors = Number((await files.readText(`${paths.sys}/class/block/${device}/size`))?.trim() ?? '');
  return { byId, model, serial, sizeBytes: sectors > 0 ? sectors * SECTOR_BYTES : null };
}
