import { parseSuperblock } from '../../src/core/md/parse-superblock.ts';
import type { Metadata } from '../../src/core/md/superblock.ts';

// Reads superblocks that a test has written.

export const DEVICE_BYTES = 64 * 1024 * 1024;
export const ARRAY_UUID = '734f71cb:0c800a0c:01020304:05060708';

export const why = (metadata: Metadata, bytes: Uint8Array, deviceBytes = DEVICE_BYTES): string => {
  const result = parseSuperblock(metadata, bytes, deviceBytes);
  return result.ok ? 'parsed' : result.why;
};
