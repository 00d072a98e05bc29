import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import { slotStates } from '../../src/core/md/slot-states.ts';
import type { Role, Superblock } from '../../src/core/md/superblock.ts';
import type { RecordedArray } from '../../src/core/rejoin/gate.ts';
import type { MemberDevice, RunningArray } from '../../src/core/rejoin/readd-decision.ts';

// Block devices that carry a superblock of one mirror, and the mirror that runs without one of them.

export const UUID = '11111111:22222222:33333333:44444444' as MdUuid;

export interface Plan {
  readonly number: number;
  readonly role?: Role;
  readonly events?: number;
  /** Device numbers that hold each slot, in its own view. */
  readonly holders?: readonly (readonly number[])[];
  readonly more?: Partial<Superblock>;
}

export function superblock({
  number,
  role = number,
  events = 10,
  holders = [[0], [1]],
  more = {},
}: Plan): Superblock {
  return {
    metadata: '1.2',
    arrayUuid: UUID,
    deviceUuid: `uuid-${number}`,
    name: 'host:root',
    level: 1,
    layout: 0,
    chunkBytes: 0,
    raidDevices: holders.length,
    deviceNumber: number,
    role,
    slots: slotStates(holders),
    slotHolders: holders,
    events,
    updateTimeMs: 1_700_000_000_000,
    clean: true,
    hasBitmap: true,
    needsJournal: false,
    reshaping: false,
    recoveryOffsetSectors: null,
    ...more,
  };
}

export const member = (plan: Plan): MemberDevice => ({
  device: `sd${'abcdefgh'[plan.number]}`,
  superblock: superblock(plan),
});
export const alone0 = [[0], []];
export const alone1 = [[], [1]];
/** Mirror md0 on role 0 alone, at events 20. */
export const running = (...members: readonly MemberDevice[]): RunningArray & { degraded: number } => ({
  device: 'md0',
  degraded: 1,
  members: members.length > 0 ? members : [member({ number: 0, events: 20, holders: alone0 })],
  unreadable: [],
});

/** What the file of the running system last recorded of it. */
export const record = (more: Partial<RecordedArray> = {}): RecordedArray => ({
  ...{ events: 50, updateTimeMs: 1_700_000_000_000, inSync: ['uuid-0'], seen: ['uuid-0', 'uuid-1'] },
  ...{ inSyncRoles: [0], isForeign: false },
  ...more,
});
