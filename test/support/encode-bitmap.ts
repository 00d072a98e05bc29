import { UUID_BYTES } from './encode-superblock.ts';

/** The beginning of a bitmap as the kernel's md-bitmap.h describes it: magic, version, the array's UUID. */
export function encodeBitmap(version: number, arrayUuidBytes: readonly number[] = UUID_BYTES): Uint8Array {
  const bytes = new Uint8Array(512);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x6d746962, true);
  view.setUint32(4, version, true);
  bytes.set(arrayUuidBytes, 8);
  return bytes;
}
