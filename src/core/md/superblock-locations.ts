import type { Metadata } from './superblock.ts';

interface SuperblockLocation {
  readonly metadata: Metadata;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

const SECTOR_BYTES = 512;
const LENGTH_BYTES = 4096;
const RESERVED_SECTORS_0 = 128;
const MIN_SECTORS_1 = 24;

/**
 * Where a device of that size may carry a superblock: 1.x as load_super1() of mdadm's super1.c, 0.90 in the last aligned
 * 64 KiB (MD_NEW_SIZE_SECTORS of md_p.h). Empty for a device too small for any.
 */
export function superblockLocations(deviceBytes: number): readonly SuperblockLocation[] {
  const sectors = Math.floor(deviceBytes / SECTOR_BYTES);
  const found: SuperblockLocation[] = [];
  const add = (metadata: Metadata, sector: number) =>
    found.push({ metadata, offsetBytes: sector * SECTOR_BYTES, lengthBytes: LENGTH_BYTES });
  if (sectors >= MIN_SECTORS_1) {
    add('1.2', 8);
    add('1.1', 0);
    add('1.0', sectors - 16 - ((sectors - 16) % 8));
  }
  if (sectors >= RESERVED_SECTORS_0) {
    add('0.90', sectors - (sectors % RESERVED_SECTORS_0) - RESERVED_SECTORS_0);
  }
  return found;
}
