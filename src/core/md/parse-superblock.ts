import type { Result } from '../result/result.ts';
import type { Metadata, Superblock } from './superblock.ts';
import { parseSuperblock0 } from './superblock-0.ts';
import { parseSuperblock1 } from './superblock-1.ts';

export { WRONG_CHECKSUM } from './superblock.ts';
export { superblockLocations } from './superblock-locations.ts';

/** The bytes read at one of `superblockLocations(deviceBytes)`; any bytes may come, and none make it throw. */
export function parseSuperblock(
  metadata: Metadata,
  bytes: Uint8Array,
  deviceBytes: number,
): Result<Superblock> {
  return metadata === '0.90' ? parseSuperblock0(bytes) : parseSuperblock1(metadata, bytes, deviceBytes);
}
