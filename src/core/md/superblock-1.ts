import { failure, ok, type Result } from '../result/result.ts';
import { mdUuidFromBytes } from './md-uuid.ts';
import { slotStates } from './slot-states.ts';
import { MAX_SLOTS, type Metadata, type Role, type Superblock, WRONG_CHECKSUM } from './superblock.ts';
import { superblockLocations } from './superblock-locations.ts';
import { foldSum, isMaxSector, readU64 } from './u64.ts';

/** Offsets and bits: struct mdp_superblock_1 of the kernel's md_p.h; every number is little-endian. */
const MAGIC = 0xa92b4efc;
const FIXED_BYTES = 256;
const FEATURE = {
  bitmapOffset: 1,
  recoveryOffset: 2,
  reshapeActive: 4,
  replacement: 16,
  newOffset: 64,
  journal: 512,
  ppl: 1024,
  multiplePpls: 2048,
} as const;
const ROLE_SPARE = 0xffff;
const ROLE_FAULTY = 0xfffe;
const ROLE_JOURNAL = 0xfffd;

/** Metadata 1.0, 1.1 and 1.2. Refuses what the kernel's super_1_load() would refuse, except feature bits it may know and we do not. */
export function parseSuperblock1(
  metadata: Exclude<Metadata, '0.90'>,
  bytes: Uint8Array,
  deviceBytes: number,
): Result<Superblock> {
  const bad = (why: string) => failure(`superblock ${metadata}`, why);
  if (bytes.length < FIXED_BYTES) return bad(`only ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number) => view.getUint32(at, true);

  if (u32(0) !== MAGIC) return bad('no md magic');
  if (u32(4) !== 1) return bad(`major version ${u32(4)}`);
  const maxDev = u32(220);
  if (maxDev > MAX_SLOTS) return bad(`role table of ${maxDev} entries`);
  if (bytes.length < FIXED_BYTES + maxDev * 2) return bad('role table is cut off');
  if (checksum1(view, maxDev) !== u32(216)) return bad(WRONG_CHECKSUM);
  const location = superblockLocations(deviceBytes).find((place) => place.metadata === metadata);
  const superOffset = readU64(view, 144);
  if (location === undefined || superOffset !== location.offsetBytes / 512)
    return bad('meant for another place');
  const dataOffset = readU64(view, 128);
  const dataSize = readU64(view, 136);
  const roomSectors = metadata === '1.0' ? superOffset : Math.floor(deviceBytes / 512) - (dataOffset ?? 0);
  if (dataOffset === null || dataSize === null || dataSize > roomSectors)
    return bad('device is smaller than its data');
  const events = readU64(view, 200);
  if (events === null) return bad('impossible event count');

  const features = u32(8);
  const has = (bits: number) => (features & bits) !== 0;
  const level = view.getInt32(72, true);
  const delta = has(FEATURE.reshapeActive) ? view.getInt32(112, true) : 0;
  // While an array shrinks, raid_disks is the new number and the old, larger one still counts (md_p.h, delta_disks).
  const raidDevices = u32(92) + (delta < 0 ? -delta : 0);
  if (raidDevices < 1 || raidDevices > MAX_SLOTS) return bad(`${raidDevices} raid devices`);

  const deviceNumber = u32(160);
  const slotHolders: number[][] = Array.from({ length: raidDevices }, () => []);
  for (let number = 0; number < maxDev; number++) {
    slotHolders[view.getUint16(FIXED_BYTES + number * 2, true)]?.push(number);
  }
  const role = roleOf(
    deviceNumber < maxDev ? view.getUint16(FIXED_BYTES + deviceNumber * 2, true) : ROLE_SPARE,
    raidDevices,
  );

  return ok({
    metadata,
    arrayUuid: mdUuidFromBytes(bytes.subarray(16, 32)),
    deviceUuid: mdUuidFromBytes(bytes.subarray(168, 184)),
    name: rawText(bytes.subarray(32, 64)),
    level,
    layout: view.getInt32(76, true),
    chunkBytes: u32(88) * 512,
    raidDevices,
    deviceNumber,
    role,
    slots: slotStates(slotHolders),
    slotHolders,
    events,
    // The low 40 bits are seconds.
    updateTimeMs: (u32(192) + view.getUint8(196) * 2 ** 32) * 1000,
    clean: isMaxSector(view, 208) || has(FEATURE.ppl | FEATURE.multiplePpls),
    hasBitmap: has(FEATURE.bitmapOffset),
    ...(has(FEATURE.bitmapOffset) ? { bitmapAtBytes: (superOffset + view.getInt32(96, true)) * 512 } : {}),
    needsJournal: has(FEATURE.journal),
    reshaping: has(FEATURE.reshapeActive),
    ...(u32(224) === 0 ? {} : { logicalBlockBytes: u32(224) }),
    // raid5_run() takes a grown array whose position is past the critical section, and refuses any other.
    ...(has(FEATURE.reshapeActive) && delta <= 0 && !has(FEATURE.newOffset)
      ? { reshapeNeedsBackup: true }
      : {}),
    recoveryOffsetSectors:
      typeof role === 'number'
        ? recoveryOffset(view, has(FEATURE.recoveryOffset), has(FEATURE.replacement))
        : null,
  });
}

/** As calc_sb_1_csum() of super1.c: up to the end of the role table, a last half word included, the checksum itself as zero. */
export function checksum1(view: DataView, maxDev: number): number {
  const end = FIXED_BYTES + maxDev * 2;
  let sum = 0;
  for (let at = 0; at + 4 <= end; at += 4) if (at !== 216) sum += view.getUint32(at, true);
  if (end % 4 === 2) sum += view.getUint16(end - 2, true);
  return foldSum(sum);
}

function roleOf(entry: number, raidDevices: number): Role {
  if (entry === ROLE_FAULTY) return 'faulty';
  if (entry === ROLE_JOURNAL) return 'journal';
  return entry < raidDevices ? entry : 'spare';
}

function recoveryOffset(view: DataView, offsetIsValid: boolean, isReplacement: boolean): number | null {
  if (offsetIsValid && !isMaxSector(view, 152)) return readU64(view, 152) ?? 0;
  return isReplacement ? 0 : null;
}

/** Bytes up to the first NUL, each as one character: nothing is lost, and nothing is decoded that might be broken. */
function rawText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}
