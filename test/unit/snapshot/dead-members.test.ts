import { test } from 'tap';
import { nextStartCommand } from '../../../src/core/engine/start-array.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { parseSuperblock } from '../../../src/core/md/parse-superblock.ts';
import type { PresentMember, Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import type { WatchedArray } from '../../../src/core/watchlist/watchlist.ts';
import { sampleWatchlist } from '../../fuzz/sample-watchlist.ts';
import { encode1 } from '../../support/encode-superblock.ts';

const BYTES = 4 * 1024 * 1024;

function member(device: string, role: number, boundTo: string | null, disk?: string): PresentMember {
  const deviceUuidBytes = Array(16).fill(role);
  const read = parseSuperblock('1.2', encode1({ number: role, deviceUuidBytes }, 8, 100), BYTES);
  if (!read.ok) throw new Error(read.why);
  return { device, superblock: read.value, boundTo, faulty: false, ...(disk === undefined ? {} : { disk }) };
}

const array: WatchedArray = {
  ...(sampleWatchlist(1).arrays[0] as WatchedArray),
  uuid: member('sda', 0, null).superblock.arrayUuid as MdUuid,
  members: [],
};
const md0 = { device: 'md0', external: false, uuid: array.uuid, degraded: null } as const;

test('an inactive array that holds a dead member is stopped before a start', async (t) => {
  const snapshot: Snapshot = {
    members: [member('sda', 0, 'md0'), member('sdc', 1, null)],
    arrays: [{ ...md0, state: 'inactive', deadMembers: ['sdb'] }],
  };
  t.match(nextStartCommand(snapshot, array, null, 'begin'), { kind: 'stop-array', device: 'md0' });
  const alone = { ...snapshot, members: [member('sda', 0, 'md0')] };
  t.match(nextStartCommand(alone, array, null, 'begin'), { kind: 'stop-array' }, 'nor run with it counted');
  const gone = { ...snapshot, members: [member('sdc', 0, null)] };
  t.match(nextStartCommand(gone, array, null, 'begin'), { kind: 'stop-array' });
  const freed = { members: snapshot.members.map((each) => ({ ...each, boundTo: null })), arrays: [] };
  t.match(nextStartCommand(freed, array, null, 'cleared'), { kind: 'assemble', devices: ['sda', 'sdc'] });
});

test('two md devices of one array: the one that is in the way is stopped', async (t) => {
  const snapshot: Snapshot = {
    members: [member('sda', 0, 'md0'), member('sdb', 1, 'md9')],
    arrays: [
      { ...md0, state: 'inactive', deadMembers: [] },
      { ...md0, device: 'md9', state: 'inactive', deadMembers: [] },
    ],
  };
  t.match(nextStartCommand(snapshot, array, null, 'begin'), { kind: 'stop-array', device: 'md9' });
});

test('two paths and a copy are told apart in words, and neither is started by itself', async (t) => {
  const judge = (...disks: readonly [string?, string?]) =>
    judgeArray(array, {
      members: [member('sda', 0, null, disks[0]), member('sdb', 0, null, disks[1]), member('sdc', 1, null)],
      arrays: [],
    });
  t.match(judge('wwn', 'wwn'), { kind: 'unsafe', reason: { code: 'duplicate-members', disk: 'wwn' } });
  t.match(judge('a', 'b'), { kind: 'unsafe', reason: { code: 'duplicate-members', role: 0, disk: null } });
  t.match(judge(), { kind: 'unsafe', reason: { code: 'duplicate-members' } });
});
