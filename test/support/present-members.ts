import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import { slotStates } from '../../src/core/md/slot-states.ts';
import type { Role, Superblock } from '../../src/core/md/superblock.ts';
import type { PresentMember, Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { judgeArray } from '../../src/core/verdict/judge-array.ts';
import type { WatchedArray, WatchedMember } from '../../src/core/watchlist/watchlist.ts';
import { watchedMirror } from './watched-array.ts';

// Members of one array as the engine sees them, and what it judges of them in a word.

export const UUID = '734f71cb:0c800a0c:01020304:05060708' as MdUuid;
export const T0 = 1_700_000_000_000;

export interface MemberFacts {
  readonly device?: string;
  readonly number: number;
  readonly events: number;
  /** Role of each device number, null for one that is gone. */
  readonly roles: readonly (number | null)[];
  readonly role?: Role;
  readonly level?: number;
  readonly layout?: number;
  readonly raidDevices?: number;
  readonly faulty?: boolean;
  readonly superblock?: Partial<Superblock>;
}

export function member(facts: MemberFacts): PresentMember {
  const { number, events, roles, level = 1, layout = 0, raidDevices = 2 } = facts;
  const slotHolders = Array.from({ length: raidDevices }, (_, slot) =>
    roles.flatMap((role, holder) => (role === slot ? [holder] : [])),
  );
  return {
    device: facts.device ?? `sd${'abcdefgh'[number]}1`,
    boundTo: null,
    faulty: facts.faulty ?? false,
    superblock: {
      metadata: '1.2',
      arrayUuid: UUID,
      deviceUuid: `device-${number}`,
      name: 'host:root',
      level,
      layout,
      chunkBytes: 0,
      raidDevices,
      deviceNumber: number,
      role: facts.role ?? roles[number] ?? 'spare',
      slots: slotStates(slotHolders),
      slotHolders,
      events,
      updateTimeMs: T0 + events * 1000,
      clean: true,
      hasBitmap: false,
      needsJournal: false,
      reshaping: false,
      recoveryOffsetSectors: null,
      ...facts.superblock,
    },
  };
}

export const NO_DISK = { byId: null, model: null, serial: null, sizeBytes: null };

export const watchedMember = (number: number, role: Role, events: number, inSync = true): WatchedMember => ({
  deviceUuid: `device-${number}`,
  role,
  disk: { ...NO_DISK, serial: `serial-${number}` },
  ledger: { events, updateTimeMs: T0 + events * 1000, inSync },
});

export const watched = (
  members: readonly WatchedMember[] = [],
  more: Partial<WatchedArray> = {},
): WatchedArray => watchedMirror(UUID, { members, ...more });

export const seen = (...members: readonly PresentMember[]): Snapshot => ({ members, arrays: [] });

/** A verdict in one word and a reason or the missing slots. */
export function judge(array: WatchedArray, snapshot: Snapshot, stale: 'ask' | 'start' = 'ask'): string {
  const verdict = judgeArray(array, snapshot, { stale });
  switch (verdict.kind) {
    case 'insufficient':
    case 'startable':
      return `${verdict.kind} ${verdict.missingRoles.join(',')}`;
    case 'unsafe':
      return `unsafe ${verdict.reason.code} ${verdict.missingRoles.join(',')}`.trim();
    case 'active':
      return `active ${verdict.device} ${verdict.degraded}`;
    default:
      return verdict.kind;
  }
}

export const A = { number: 0, events: 100, roles: [0, 1] };
export const B = { number: 1, events: 100, roles: [0, 1] };
