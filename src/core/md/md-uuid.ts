import { failure, ok, type Result } from '../result/result.ts';

declare const mdUuidBrand: unique symbol;

/**
 * The UUID of an array or of a member, in the form `mdadm --detail --export` prints:
 * four groups of eight lower-case hex digits joined by colons.
 */
export type MdUuid = string & { readonly [mdUuidBrand]: true };

const HEX_DIGITS = /^[0-9a-f]{32}$/;

/** Accepts mdadm's colons, the dashes of blkid and udev, or 32 bare hex digits in any case. */
export function parseMdUuid(text: string, at = 'UUID'): Result<MdUuid> {
  const digits = text
    .trim()
    .toLowerCase()
    .replace(/[:.\- ]/g, '');
  if (!HEX_DIGITS.test(digits)) return failure(at, `not an md UUID: ${JSON.stringify(text.slice(0, 64))}`);
  return ok(uuidFromHex(digits));
}

/** From the 16 bytes of a superblock, in the byte order of metadata 1.x. */
export function mdUuidFromBytes(bytes: Uint8Array): MdUuid {
  let digits = '';
  for (const byte of bytes.subarray(0, 16)) digits += byte.toString(16).padStart(2, '0');
  return uuidFromHex(digits.padEnd(32, '0'));
}

function uuidFromHex(digits: string): MdUuid {
  return [0, 8, 16, 24].map((start) => digits.slice(start, start + 8)).join(':') as MdUuid;
}
