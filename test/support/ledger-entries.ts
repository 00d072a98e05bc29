import fc from 'fast-check';
import type { Ledger, LedgerEntry } from '../../src/core/ledger/ledger.ts';
import type { ObservedEntry } from '../../src/core/ledger/plan-record.ts';
import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../src/core/watchlist/watchlist.ts';
import { watchedMirror } from './watched-array.ts';

// Entries of a ledger, whole ledgers and the watchlist they are applied to.

export const DAY = 86_400_000;
export const NOW = 1_800_000_000_000;

export const uuidOf = (n: number, kind = 1) =>
  `${n.toString(16).padStart(8, '0')}:0000000a:0000000b:${kind.toString(16).padStart(8, '0')}` as MdUuid;
export const disk = (n: number) => uuidOf(n, 0xd);

export const ROOT = uuidOf(1);

/** Roles 0, 1, … held by these disks, at that event count. */
export const entryOf = (
  disks: readonly number[],
  events: number,
  updateTimeMs = NOW - DAY + events * 1000,
): LedgerEntry => ({
  arrayUuid: ROOT,
  recordedAtMs: updateTimeMs,
  events,
  updateTimeMs,
  inSync: disks.map((n) => ({ deviceUuid: disk(n), role: n })),
});

export const ledgerOf = (...entries: LedgerEntry[]): Ledger => ({ entries });

export function watchedArray(
  members: readonly (readonly [n: number, events: number, inSync: boolean])[],
): WatchedArray {
  return watchedMirror(ROOT, {
    members: members.map(([n, events, inSync]) => ({
      deviceUuid: disk(n),
      role: n,
      disk: { byId: `ata-${n}`, model: null, serial: null, sizeBytes: null },
      ledger: { events, updateTimeMs: NOW - DAY + events * 1000, inSync },
    })),
  });
}

export const listOf = (...arrays: WatchedArray[]): Watchlist => ({
  schema: WATCHLIST_SCHEMA,
  hostName: '',
  settings: DEFAULT_SETTINGS,
  arrays,
  tree: [],
  warnings: [],
});

export const IMAGE = watchedArray([
  [0, 20, true],
  [1, 20, true],
]);

export const anyUuid = fc
  .array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 4, maxLength: 4 })
  .map((words) => words.map((word) => word.toString(16).padStart(8, '0')).join(':') as MdUuid);
export const anyCount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
export const anyEntry = fc
  .record({
    arrayUuid: anyUuid,
    recordedAtMs: anyCount,
    events: anyCount,
    updateTimeMs: anyCount,
    numbered: fc.boolean(),
    disks: fc.uniqueArray(anyUuid, { minLength: 1, maxLength: 6 }),
  })
  .map(
    ({ numbered, disks, ...entry }): LedgerEntry => ({
      ...entry,
      inSync: disks.map((uuid, role) => ({
        deviceUuid: numbered ? `${entry.arrayUuid}/${role}` : uuid,
        role,
      })),
    }),
  );
export const anyLedger = fc
  .uniqueArray(anyEntry, { maxLength: 5, selector: ({ arrayUuid }) => arrayUuid })
  .map((entries): Ledger => ({ entries }));

export const running = (entry: LedgerEntry, more: Partial<ObservedEntry> = {}): ObservedEntry => ({
  ...entry,
  device: 'md0',
  seen: entry.inSync.map(({ deviceUuid, role }) => ({
    ...{ deviceUuid, role, lastSeenMs: NOW, events: entry.events },
    disk: { byId: `ata-DISK_${role}`, model: 'DISK', serial: `S${role}`, sizeBytes: 1e9 },
  })),
  foreign: false,
  unwritten: false,
  ...more,
});
