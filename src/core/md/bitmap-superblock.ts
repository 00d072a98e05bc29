import { type MdUuid, mdUuidFromBytes } from './md-uuid.ts';

/** The beginning of a bitmap: struct bitmap_super_s of the kernel's md-bitmap.h; every number is little-endian. */
export const BITMAP_SUPERBLOCK_BYTES = 512;
const MAGIC = 0x6d746962;
const LOCKLESS = 6;

/** Whether this is the bitmap of that array, and of the lockless kind, llbitmap; null where it is not that array's bitmap. */
export function isLocklessBitmap(bytes: Uint8Array, array: MdUuid): boolean | null {
  if (bytes.length < 24) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || mdUuidFromBytes(bytes.subarray(8, 24)) !== array) return null;
  return view.getUint32(4, true) === LOCKLESS;
}
