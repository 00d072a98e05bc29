import type { DiskIdentity, WatchedArray, WatchedMember, Watchlist } from '../watchlist/watchlist.ts';
import { entryOf, type Ledger, type LedgerEntry } from './ledger.ts';
import { disksSeen } from './ledger-file.ts';
import { newestEntry } from './newest-entry.ts';

const UNKNOWN_DISK = { byId: null, model: null, serial: null, sizeBytes: null };

/**
 * The watchlist with what was last seen of each array's members: from the newest of `ledgers`, the most trusted first, and the
 * image's own record, which is trusted least because a stale half carries its own.
 */
export function applyLedger(watchlist: Watchlist, ledgers: readonly Ledger[], nowMs: number): Watchlist {
  return { ...watchlist, arrays: watchlist.arrays.map((array) => applyToArray(array, ledgers, nowMs)) };
}

/** What the image itself says, as an entry; null where it recorded no member in sync. Its date is that of the array's last write. */
function entryOfWatched(array: WatchedArray): LedgerEntry | null {
  const inSync = array.members.flatMap(({ deviceUuid, role, ledger }) =>
    ledger.inSync && typeof role === 'number' ? [{ deviceUuid, role, ledger }] : [],
  );
  if (inSync.length === 0) return null;
  const updateTimeMs = Math.max(...inSync.map(({ ledger }) => ledger.updateTimeMs));
  return {
    arrayUuid: array.uuid,
    recordedAtMs: updateTimeMs,
    events: Math.max(...inSync.map(({ ledger }) => ledger.events)),
    updateTimeMs,
    inSync: inSync.map(({ deviceUuid, role }) => ({ deviceUuid, role })),
  };
}

/** The record of an array that is believed, and the index of the ledger that has it; `own` is the watchlist's. Null: none has one. */
export function believedEntry(
  array: WatchedArray,
  ledgers: readonly Ledger[],
  nowMs: number,
): { readonly entry: LedgerEntry; readonly from: number | 'own' } | null {
  const others = ledgers.map((ledger) => entryOf(ledger, array.uuid));
  const entries = [...others, entryOfWatched(array) ?? undefined];
  const entry = newestEntry(
    entries.filter((found) => found !== undefined),
    nowMs,
  );
  if (entry === null) return null;
  const from = entries.indexOf(entry);
  return { entry, from: from === ledgers.length ? 'own' : from };
}

function applyToArray(array: WatchedArray, ledgers: readonly Ledger[], nowMs: number): WatchedArray {
  const believed = believedEntry(array, ledgers, nowMs);
  return believed === null || believed.from === 'own'
    ? array
    : {
        ...array,
        members: membersBy(believed.entry, array.members, disksSeen(ledgers)),
        ledgerIsCurrent: true,
      };
}

function membersBy(
  entry: LedgerEntry,
  members: readonly WatchedMember[],
  disks: ReadonlyMap<string, DiskIdentity>,
): readonly WatchedMember[] {
  const { events, updateTimeMs } = entry;
  const inSync = new Map(entry.inSync.map(({ deviceUuid, role }) => [deviceUuid, role]));
  const known = new Set(members.map(({ deviceUuid }) => deviceUuid));
  const seen = { events, updateTimeMs, inSync: true };
  const rewritten = members.map((member): WatchedMember => {
    const role = inSync.get(member.deviceUuid);
    if (role !== undefined) return { ...member, role, ledger: seen };
    // Spares and journals hold no slot: no ledger speaks of them.
    return typeof member.role === 'number'
      ? { ...member, ledger: { ...member.ledger, inSync: false } }
      : member;
  });
  const unknown = entry.inSync.filter(({ deviceUuid }) => !known.has(deviceUuid));
  return [
    ...rewritten,
    ...unknown.map(({ deviceUuid, role }) => ({
      ...{ deviceUuid, role, ledger: seen },
      disk: disks.get(deviceUuid) ?? UNKNOWN_DISK,
    })),
  ];
}
