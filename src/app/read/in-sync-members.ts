import type { LedgerMember } from '../../core/ledger/ledger.ts';
import type { SeenMember } from '../../core/ledger/ledger-file.ts';
import type { ObservedEntry } from '../../core/ledger/plan-record.ts';
import { isRunning, type PresentArray, type PresentMember } from '../../core/snapshot/snapshot.ts';
import type { Machine } from '../machine.ts';
import { DeviceObserver } from './device-observer.ts';
import { readDiskIdentity } from './disk-identity.ts';
import { isForeign } from './others-array.ts';
import { readMemberSlot, readMemberState } from './sysfs-array.ts';
import { deniedOf, type Unread } from './why-unread.ts';

export interface InSync {
  readonly running: readonly ObservedEntry[];
  /** Members that may not be read: what runs is then not all known. */
  readonly denied: readonly Unread[];
}

/** Every running md array with the members that md itself calls in sync. Containers and their volumes are left out. */
export async function observeInSync(
  machine: Pick<Machine, 'files' | 'paths'>,
  nowMs: number,
): Promise<InSync> {
  const observer = new DeviceObserver(machine.files, machine.paths);
  const snapshot = await observer.rescanAll();
  const found: ObservedEntry[] = [];
  for (const array of snapshot.arrays) {
    if (!isRunning(array) || array.external || array.uuid === null) continue;
    const members = snapshot.members.filter(({ boundTo }) => boundTo === array.device);
    const entry = await observeArray(machine, array, members, nowMs);
    if (entry !== null) found.push(entry);
  }
  return { running: found, denied: await deniedOf(machine, observer.unreadMembers) };
}

/** Null where no member in sync can be read: the former record is then better than none. */
async function observeArray(
  machine: Pick<Machine, 'files' | 'paths'>,
  { device, uuid, state }: PresentArray,
  members: readonly PresentMember[],
  nowMs: number,
): Promise<ObservedEntry | null> {
  const { files, paths } = machine;
  const inSync: LedgerMember[] = [];
  const seen: SeenMember[] = [];
  let events = 0;
  let updateTimeMs = 0;
  for (const { device: disk, superblock, faulty } of members) {
    if (faulty || superblock.arrayUuid !== uuid) continue;
    const words = (await readMemberState(files, paths, device, disk)) ?? [];
    const role = await readMemberSlot(files, paths, device, disk);
    seen.push({
      ...{ deviceUuid: superblock.deviceUuid, lastSeenMs: nowMs, events: superblock.events, role },
      disk: await readDiskIdentity(machine, disk),
    });
    // A replacement shares its slot with the member that it copies, which is in sync as long as it is present.
    if (!words.includes('in_sync') || words.includes('replacement') || role === null) continue;
    inSync.push({ deviceUuid: superblock.deviceUuid, role });
    events = Math.max(events, superblock.events);
    updateTimeMs = Math.max(updateTimeMs, superblock.updateTimeMs);
  }
  if (uuid === null || inSync.length === 0) return null;
  inSync.sort((a, b) => a.role - b.role);
  const unwritten = state === 'read-auto' || state === 'readonly';
  const foreign = await isForeign(machine, uuid, device, members);
  return {
    ...{ arrayUuid: uuid, device, recordedAtMs: nowMs, events, updateTimeMs, inSync, seen },
    ...{ foreign, unwritten },
  };
}
