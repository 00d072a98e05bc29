import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';
import { readShape, type Shape } from '../parse/json-reader.ts';
import type { Result } from '../result/result.ts';
import type { DiskIdentity } from '../watchlist/watchlist.ts';
import { readDisk } from '../watchlist/watchlist-file.ts';
import { isDeviceUuid, LEDGER_SCHEMA, type Ledger, type LedgerEntry, type LedgerMember } from './ledger.ts';

/** Readers must ask for at least this much. */
export const MAX_LEDGER_BYTES = 4 * 1024 * 1024;

const MAX_ENTRIES = 4096;
const MAX_MEMBERS = 2048;

/** Members remembered for one array although they are gone: disks that were replaced. */
const MAX_SEEN = 128;

/** A member in whatever state, when a look last found it in the running array. */
export interface SeenMember {
  readonly deviceUuid: string;
  /** Milliseconds since 1970. */
  readonly lastSeenMs: number;
  readonly events: number;
  /** The slot that it had; null: none, or recorded by an earlier release. */
  readonly role: number | null;
  /** As a person knows it; null: nothing was known of it, or recorded by an earlier release. */
  readonly disk: DiskIdentity | null;
}

/** What the file on the running system knows beyond the other places. */
export interface KeptEntry extends LedgerEntry {
  /** Kernel name when it was recorded, for show. */
  readonly device: string;
  /** The latest first. */
  readonly seen: readonly SeenMember[];
  /** Another machine's, and never needed here. */
  readonly foreign: boolean;
}

export interface KeptLedger extends Ledger {
  readonly entries: readonly KeptEntry[];
}

export const formatLedgerFile = (ledger: KeptLedger): string =>
  `${JSON.stringify({ schema: LEDGER_SCHEMA, entries: ledger.entries.slice(0, MAX_ENTRIES) }, null, 1)}\n`;

/** /var/lib/reliable-raid/ledger.json; anything that is not exactly one of this version is refused (S12). */
export const parseLedgerFile = (text: string, at: string): Result<KeptLedger> =>
  readShape(text, at, readLedger);

/** Whatever place knows it: members of an array, by device UUID, as a person knows their disks. */
export const disksSeen = (ledgers: readonly Ledger[]): ReadonlyMap<string, DiskIdentity> =>
  new Map(
    ledgers
      .flatMap(({ entries }) => entries as readonly (LedgerEntry & Partial<Pick<KeptEntry, 'seen'>>)[])
      .flatMap(({ seen = [] }) => seen)
      .flatMap(({ deviceUuid, disk }) => (disk === null ? [] : [[deviceUuid, disk] as const])),
  );

/** Adds what was seen now to what was seen before. */
export function mergeSeen(before: readonly SeenMember[], now: readonly SeenMember[]): readonly SeenMember[] {
  const here = new Set(now.map(({ deviceUuid }) => deviceUuid));
  return [...now, ...before.filter(({ deviceUuid }) => !here.has(deviceUuid))].slice(0, MAX_SEEN);
}

function readLedger(top: Shape): KeptLedger {
  top.field('schema').oneOf([LEDGER_SCHEMA]);
  const entries = top.field('entries').list(MAX_ENTRIES, readEntry);
  if (new Set(entries.map(({ arrayUuid }) => arrayUuid)).size !== entries.length)
    top.field('entries').refuse('has an array twice');
  return { entries };
}

function readEntry(entry: Shape): KeptEntry {
  const uuidField = entry.field('arrayUuid');
  const arrayUuid = uuidField.value(parseMdUuid(uuidField.text(64)));
  const inSync = entry.field('inSync').list(MAX_MEMBERS, (member) => readMember(member, arrayUuid));
  if (inSync.length === 0) entry.field('inSync').refuse('is empty');
  return {
    arrayUuid,
    device: entry.field('device').text(64),
    recordedAtMs: count(entry.field('recordedAtMs')),
    events: count(entry.field('events')),
    updateTimeMs: count(entry.field('updateTimeMs')),
    inSync,
    seen: entry.field('seen').list(MAX_MEMBERS, (member) => ({
      deviceUuid: readDeviceUuid(member.field('deviceUuid'), arrayUuid),
      lastSeenMs: count(member.field('lastSeenMs')),
      events: count(member.field('events')),
      role: sinceLater(member.field('role'), readRole),
      disk: sinceLater(member.field('disk'), readDisk),
    })),
    foreign: entry.field('foreign').raw() === undefined ? false : entry.field('foreign').boolean(),
  };
}

const readMember = (member: Shape, arrayUuid: MdUuid): LedgerMember => ({
  deviceUuid: readDeviceUuid(member.field('deviceUuid'), arrayUuid),
  role: readRole(member.field('role')),
});

const readRole = (role: Shape): number => role.integer(0, 9999);

/** What files of earlier releases do not have. */
const sinceLater = <T>(field: Shape, read: (field: Shape) => T): T | null =>
  field.raw() === undefined ? null : field.orNull(read);

function readDeviceUuid(field: Shape, arrayUuid: MdUuid): string {
  const text = field.text(64);
  return isDeviceUuid(text, arrayUuid) ? text : field.refuse('is not the UUID of a member');
}

const count = (field: Shape): number => field.integer(0, Number.MAX_SAFE_INTEGER);
