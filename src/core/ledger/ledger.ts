import { EVENT_MARGIN } from '../md/event-margin.ts';
import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';

export const LEDGER_SCHEMA = 'reliable-raid/ledger/1';

/** A member that held a slot with whole data. */
export interface LedgerMember {
  /** As in its superblock; 0.90 has none, there it is the array's UUID, a slash and the device number. */
  readonly deviceUuid: string;
  readonly role: number;
}

/** What was last seen of one array while it ran. */
export interface LedgerEntry {
  readonly arrayUuid: MdUuid;
  /** Milliseconds since 1970 by this machine's clock, which may have been wrong. */
  readonly recordedAtMs: number;
  /** The highest event count among the members in sync. */
  readonly events: number;
  /** When md wrote that, milliseconds since 1970. */
  readonly updateTimeMs: number;
  /** By role. */
  readonly inSync: readonly LedgerMember[];
}

export interface Ledger {
  readonly entries: readonly LedgerEntry[];
}

export const EMPTY_LEDGER: Ledger = { entries: [] };

/** Whether a text is a device UUID of a member of that array, in the one form that ledgers have it in. */
export function isDeviceUuid(text: string, arrayUuid: MdUuid): boolean {
  const numbered = `${arrayUuid}/`;
  if (text.startsWith(numbered)) return /^(0|[1-9]\d{0,4})$/.test(text.slice(numbered.length));
  const uuid = parseMdUuid(text);
  return uuid.ok && uuid.value === text;
}

export const entryOf = (ledger: Ledger, uuid: MdUuid): LedgerEntry | undefined =>
  ledger.entries.find(({ arrayUuid }) => arrayUuid === uuid);

/**
 * Whether the set of members in sync is another one, which alone justifies a write to NVRAM; so does an array whose events
 * went backwards, as after a restored backup, since everything there would look stale for ever.
 */
export function changed(previous: LedgerEntry | undefined, now: LedgerEntry): boolean {
  if (previous === undefined) return true;
  return memberSet(previous) !== memberSet(now) || now.events + EVENT_MARGIN < previous.events;
}

const memberSet = ({ inSync }: LedgerEntry): string =>
  inSync
    .map(({ deviceUuid, role }) => `${role}=${deviceUuid}`)
    .sort()
    .join(' ');
