const TWO_32 = 2 ** 32;

/** A 64-bit little-endian number, or null when it is beyond what a double holds exactly. */
export function readU64(view: DataView, at: number): number | null {
  const value = view.getUint32(at + 4, true) * TWO_32 + view.getUint32(at, true);
  return Number.isSafeInteger(value) ? value : null;
}

/** All 64 bits set: md's MaxSector, "up to the end". */
export const isMaxSector = (view: DataView, at: number): boolean =>
  view.getUint32(at, true) === 0xffffffff && view.getUint32(at + 4, true) === 0xffffffff;

/** md adds up 32-bit words in 64 bits and folds the carry in once (super1.c calc_sb_1_csum, util.c calc_csum). */
export const foldSum = (sum: number): number => ((sum % TWO_32) + Math.floor(sum / TWO_32)) >>> 0;
