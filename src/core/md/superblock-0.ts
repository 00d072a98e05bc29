import { failure, ok, type Result } from '../result/result.ts';
import { type MdUuid, parseMdUuid } from './md-uuid.ts';
import { slotStates } from './slot-states.ts';
import { type Role, type Superblock, WRONG_CHECKSUM } from './superblock.ts';
import { foldSum } from './u64.ts';

/** Word numbers and bits: struct mdp_superblock_s of the kernel's md_p.h. */
const MAGIC = 0xa92b4efc;
const BYTES = 4096;
const WORD = {
  major: 1,
  minor: 2,
  uuid: [5, 13, 14, 15],
  level: 7,
  raidDisks: 10,
  mdMinor: 11,
  updateTime: 32,
  state: 33,
  checksum: 38,
  events: 39,
  reshapePosition: 44,
  deltaDisks: 47,
  layout: 64,
  chunkSize: 65,
  disks: 128,
  thisDisk: 992,
} as const;
const DISKS = 27;
const DISK_WORDS = 32;
const STATE_CLEAN = 1 << 0;
const STATE_BITMAP = 1 << 8;
const DISK_FAULTY = 1 << 0;
const DISK_ACTIVE = 1 << 1;
const DISK_SYNC = 1 << 2;
const NO_RESHAPE = 0xffffffff;

/** 0.90 has no device UUID: a member is its array and its number there. */
const deviceUuid0 = (arrayUuid: MdUuid, deviceNumber: number): string => `${arrayUuid}/${deviceNumber}`;

/** Metadata 0.90 (and 0.91, which is 0.90 while a reshape runs). It is in the byte order of the machine that wrote it: the magic shows which. */
export function parseSuperblock0(bytes: Uint8Array): Result<Superblock> {
  const bad = (why: string) => failure('superblock 0.90', why);
  if (bytes.length < BYTES) return bad(`only ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, BYTES);
  const little = view.getUint32(0, true) === MAGIC;
  if (!little && view.getUint32(0, false) !== MAGIC) return bad('no md magic');
  const word = (index: number) => view.getUint32(index * 4, little);

  const minor = word(WORD.minor);
  if (word(WORD.major) !== 0 || (minor !== 90 && minor !== 91))
    return bad(`version ${word(WORD.major)}.${minor}`);
  if (fold16(checksum0(view, little)) !== fold16(word(WORD.checksum))) return bad(WRONG_CHECKSUM);
  const arrayUuid = parseMdUuid(WORD.uuid.map((index) => hex8(word(index))).join(''));
  if (!arrayUuid.ok) return arrayUuid;
  const [low, high] = little
    ? [word(WORD.events), word(WORD.events + 1)]
    : [word(WORD.events + 1), word(WORD.events)];
  const events = high * 2 ** 32 + low;
  if (!Number.isSafeInteger(events)) return bad('impossible event count');

  const reshaping =
    minor === 91 &&
    !(word(WORD.reshapePosition) === NO_RESHAPE && word(WORD.reshapePosition + 1) === NO_RESHAPE);
  const delta = reshaping ? view.getInt32(WORD.deltaDisks * 4, little) : 0;
  const raidDevices = word(WORD.raidDisks) + (delta < 0 ? -delta : 0);
  if (raidDevices < 1 || raidDevices > DISKS) return bad(`${raidDevices} raid devices`);

  const disk = (number: number) => ({
    slot: word(WORD.disks + number * DISK_WORDS + 3),
    state: word(WORD.disks + number * DISK_WORDS + 4),
  });
  const slotHolders: number[][] = Array.from({ length: raidDevices }, () => []);
  for (let number = 0; number < DISKS; number++) {
    const { slot, state } = disk(number);
    if (isInSync(state)) slotHolders[slot]?.push(number);
  }
  const deviceNumber = word(WORD.thisDisk);
  const own = deviceNumber < DISKS ? disk(deviceNumber) : { slot: raidDevices, state: 0 };
  const state = word(WORD.state);

  return ok({
    metadata: '0.90',
    arrayUuid: arrayUuid.value,
    deviceUuid: deviceUuid0(arrayUuid.value, deviceNumber),
    name: String(word(WORD.mdMinor)),
    level: view.getInt32(WORD.level * 4, little),
    layout: view.getInt32(WORD.layout * 4, little),
    chunkBytes: word(WORD.chunkSize),
    raidDevices,
    deviceNumber,
    role: roleOf(own.slot, own.state, raidDevices),
    slots: slotStates(slotHolders),
    slotHolders,
    events,
    updateTimeMs: word(WORD.updateTime) * 1000,
    clean: (state & STATE_CLEAN) !== 0,
    hasBitmap: (state & STATE_BITMAP) !== 0,
    needsJournal: false,
    reshaping,
    ...(reshaping && delta <= 0 ? { reshapeNeedsBackup: true } : {}),
    // Only 0.91 keeps a slot for a member that is not in sync, and nothing says how far it got.
    recoveryOffsetSectors: (own.state & (DISK_ACTIVE | DISK_SYNC)) === DISK_ACTIVE ? 0 : null,
  });
}

/** As calc_csum() of mdadm's util.c over the whole superblock, its own field as zero. */
export function checksum0(view: DataView, little: boolean): number {
  let sum = 0;
  for (let index = 0; index < BYTES / 4; index++)
    if (index !== WORD.checksum) sum += view.getUint32(index * 4, little);
  return foldSum(sum);
}

/** The kernel compares 0.90 checksums folded to 16 bits, since some machines wrote them so (md.c, md_csum_fold). */
function fold16(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return (once & 0xffff) + (once >>> 16);
}

const isInSync = (state: number): boolean =>
  (state & (DISK_FAULTY | DISK_ACTIVE | DISK_SYNC)) === (DISK_ACTIVE | DISK_SYNC);

function roleOf(slot: number, state: number, raidDevices: number): Role {
  if ((state & DISK_FAULTY) !== 0) return 'faulty';
  return (state & DISK_ACTIVE) !== 0 && slot < raidDevices ? slot : 'spare';
}

const hex8 = (value: number): string => value.toString(16).padStart(8, '0');
