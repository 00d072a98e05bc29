import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import { parseSuperblock } from '../../src/core/md/parse-superblock.ts';
import type { PresentMember } from '../../src/core/snapshot/snapshot.ts';
import type { WatchedArray } from '../../src/core/watchlist/watchlist.ts';
import { sampleWatchlist } from '../fuzz/sample-watchlist.ts';
import { encode1 } from './encode-superblock.ts';

// Members with whole superblocks of one listed mirror.

const BYTES = 4 * 1024 * 1024;

export function member(device: string, role: number, boundTo: string | null, disk?: string): PresentMember {
  const deviceUuidBytes = Array(16).fill(role);
  const read = parseSuperblock('1.2', encode1({ number: role, deviceUuidBytes }, 8, 100), BYTES);
  if (!read.ok) throw new Error(read.why);
  return { device, superblock: read.value, boundTo, faulty: false, ...(disk === undefined ? {} : { disk }) };
}

export const array: WatchedArray = {
  ...(sampleWatchlist(1).arrays[0] as WatchedArray),
  uuid: member('sda', 0, null).superblock.arrayUuid as MdUuid,
  members: [],
};
