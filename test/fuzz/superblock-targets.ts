import { parseSuperblock } from '../../src/core/md/parse-superblock.ts';
import { MAX_SLOTS, type Metadata, type Superblock } from '../../src/core/md/superblock.ts';
import { checksum0 } from '../../src/core/md/superblock-0.ts';
import { checksum1 } from '../../src/core/md/superblock-1.ts';
import { renderListing } from '../../src/core/render/console/listing.ts';
import type { PresentMember } from '../../src/core/snapshot/snapshot.ts';
import { compareFreshness, slotMembers } from '../../src/core/verdict/freshness.ts';
import { judgeArray } from '../../src/core/verdict/judge-array.ts';
import { mutateBytes } from './mutate.ts';
import type { Random } from './random.ts';
import { sampleWatchlist } from './sample-watchlist.ts';

export interface SuperblockSample {
  readonly metadata: Metadata;
  readonly deviceBytes: number;
  readonly bytes: Uint8Array;
}

const SIZES = [0, 511, 4096, 65_536, 128 * 512, 2 ** 31, 2 ** 41 + 512, 2 ** 53 - 1];

/** A mutated superblock through its parser; what it accepts must make sense to all that read it. */
export function trySuperblock(random: Random, samples: readonly SuperblockSample[]): string | null {
  const sample = random.pick(samples);
  const deviceBytes = random.once(20) ? random.pick(SIZES) : sample.deviceBytes;
  const read = parseSuperblock(sample.metadata, mutated(random, sample, samples), deviceBytes);
  if (!read.ok) return read.why === '' ? 'refused without a reason' : null;
  return nonsenseOf(read.value, sample.metadata);
}

/** Mutated members of one array, judged and shown together. */
export function tryJudging(random: Random, samples: readonly SuperblockSample[]): string | null {
  const first = random.below(samples.length);
  const members: PresentMember[] = [];
  for (let n = 0; n < 4; n++) {
    const sample = samples[(first + n) % samples.length] as SuperblockSample;
    const bytes = random.once(3) ? sample.bytes : mutated(random, sample, samples);
    const read = parseSuperblock(sample.metadata, bytes, sample.deviceBytes);
    if (!read.ok) continue;
    const boundTo = random.once(3) ? 'md0' : null;
    members.push({ device: `sd${'abcd'[n]}`, superblock: read.value, boundTo, faulty: random.once(9) });
  }
  const [member] = members;
  if (member === undefined) return null;
  const { arrayUuid, raidDevices, level, layout } = member.superblock;
  const list = sampleWatchlist(1);
  const watched = {
    ...list.arrays[0],
    uuid: arrayUuid,
    raidDevices,
    level,
    layout,
  } as (typeof list.arrays)[0];
  const snapshot = { members, arrays: [] };
  const verdict = judgeArray(watched, snapshot);
  const here = new Set(compareFreshness(slotMembers(members))?.inSyncRoles);
  const missing = 'missingRoles' in verdict ? verdict.missingRoles : [];
  if (missing.some((role) => role < 0 || role >= MAX_SLOTS))
    return `${verdict.kind}: missing roles that are none`;
  if (verdict.kind === 'complete' && here.size === 0) return 'complete without a member';
  const listing = renderListing({ ...list, arrays: [watched] }, snapshot, 'ask');
  return /^[\x20-\x7e\n]*$/.test(listing) ? null : 'a listing with control characters';
}

function mutated(
  random: Random,
  { metadata, bytes }: SuperblockSample,
  others: readonly SuperblockSample[],
): Uint8Array {
  const out = mutateBytes(random, bytes, random.pick(others).bytes);
  if (!random.once(8)) repairChecksum(metadata, out);
  return out;
}

/** So that a change gets past the first check. */
function repairChecksum(metadata: Metadata, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (metadata === '0.90') {
    if (bytes.length < 4096) return;
    const little = view.getUint32(0, true) === 0xa92b4efc;
    view.setUint32(38 * 4, checksum0(view, little), little);
  } else if (bytes.length >= 256) {
    const entries = view.getUint32(220, true);
    if (256 + entries * 2 <= bytes.length) view.setUint32(216, checksum1(view, entries), true);
  }
}

function nonsenseOf(superblock: Superblock, metadata: Metadata): string | null {
  const { role, raidDevices, slots, slotHolders, deviceNumber, recoveryOffsetSectors } = superblock;
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;
  const most = metadata === '0.90' ? 27 : MAX_SLOTS;
  if (superblock.metadata !== metadata) return `metadata ${superblock.metadata}`;
  if (!(raidDevices >= 1 && raidDevices <= most)) return `${raidDevices} raid devices`;
  if (slots.length !== raidDevices || slotHolders.length !== raidDevices) return `${slots.length} slots`;
  if (typeof role === 'number' && !(role >= 0 && role < raidDevices)) return `role ${role} of ${raidDevices}`;
  if (metadata !== '0.90' && typeof role === 'number' && slotHolders[role]?.includes(deviceNumber) !== true)
    return `role ${role}, which its own table gives to others`;
  if (![superblock.events, superblock.updateTimeMs, superblock.chunkBytes, deviceNumber].every(isCount))
    return `events ${superblock.events}, written ${superblock.updateTimeMs}, chunk ${superblock.chunkBytes}`;
  if (recoveryOffsetSectors !== null && !isCount(recoveryOffsetSectors))
    return `rebuilt up to ${recoveryOffsetSectors}`;
  if (!/^[0-9a-f]{8}(:[0-9a-f]{8}){3}$/.test(superblock.arrayUuid))
    return `array UUID ${superblock.arrayUuid}`;
  if (superblock.name.length > 32) return `name of ${superblock.name.length} characters`;
  return Number.isSafeInteger(superblock.level) && Number.isSafeInteger(superblock.layout)
    ? null
    : 'level or layout';
}
