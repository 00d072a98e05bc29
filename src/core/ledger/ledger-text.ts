import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';
import { failure, ok, type Result } from '../result/result.ts';
import { crc32 } from './crc32.ts';
import { isDeviceUuid, LEDGER_SCHEMA, type Ledger, type LedgerEntry, type LedgerMember } from './ledger.ts';

/** With the four bytes of attributes an EFI variable of ours is at most 2 KiB: some firmware takes no more for one. */
export const MAX_VARIABLE_TEXT = 2044;

/** What a reader of the file beside /boot must ask for. */
export const MAX_LEDGER_TEXT = 65_536;

interface FormattedLedger {
  readonly text: string;
  /** Arrays that did not fit. */
  readonly leftOut: readonly MdUuid[];
}

/**
 * The ledger as an EFI variable and a file on the ESP hold it: `reliable-raid/ledger/1 CRC` and a line an array,
 *   ARRAY RECORDED EVENTS UPDATED ROLE=DEVICE ROLE=DEVICE ...
 * UUIDs as 32 hex digits, dates in milliseconds since 1970, a member of a 0.90 array as `ROLE=/NUMBER`. The CRC-32 is that of all
 * lines after the first. Entries come in the order of their importance: what does not fit is left out.
 */
export function formatLedgerText(ledger: Ledger, maxLength: number): FormattedLedger {
  const head = `${LEDGER_SCHEMA} 00000000\n`.length;
  const leftOut: MdUuid[] = [];
  let body = '';
  for (const entry of ledger.entries) {
    const line = `${formatEntry(entry)}\n`;
    if (head + body.length + line.length > maxLength) leftOut.push(entry.arrayUuid);
    else body += line;
  }
  return { text: `${headOf(body)}${body}`, leftOut };
}

/** Refuses everything that `formatLedgerText` would not have written: a cut, a flipped bit, another version, other bytes. */
export function parseLedgerText(text: string, at: string, maxLength = MAX_LEDGER_TEXT): Result<Ledger> {
  if (text.length > maxLength) return failure(at, `is longer than ${maxLength} bytes`);
  const end = text.indexOf('\n') + 1;
  const body = text.slice(end);
  if (end === 0 || text.slice(0, end) !== headOf(body)) return failure(at, faultOfHead(text));
  const entries: LedgerEntry[] = [];
  for (const line of body === '' ? [] : body.slice(0, -1).split('\n')) {
    const entry = parseEntry(line);
    if (entry === null || formatEntry(entry) !== line || entries.some((other) => isSame(other, entry)))
      return failure(at, 'has a line that does not belong in a ledger');
    entries.push(entry);
  }
  return body === '' || body.endsWith('\n')
    ? ok({ entries })
    : failure(at, 'has a line that does not belong in a ledger');
}

const headOf = (body: string): string => `${LEDGER_SCHEMA} ${crc32(body).toString(16).padStart(8, '0')}\n`;

const isSame = (a: LedgerEntry, b: LedgerEntry): boolean => a.arrayUuid === b.arrayUuid;

function faultOfHead(text: string): string {
  if (text.startsWith(`${LEDGER_SCHEMA} `)) return 'is damaged: its checksum is wrong';
  const version = /^reliable-raid\/ledger\/(\d{1,9}) /.exec(text)?.[1];
  return version === undefined
    ? 'is not a ledger of reliable-raid'
    : `version ${version} belongs to another release of reliable-raid; this one reads ${LEDGER_SCHEMA}`;
}

function formatEntry({ arrayUuid, recordedAtMs, events, updateTimeMs, inSync }: LedgerEntry): string {
  const members = inSync.map(({ deviceUuid, role }) => `${role}=${shortened(deviceUuid, arrayUuid)}`);
  return [bare(arrayUuid), recordedAtMs, events, updateTimeMs, ...members].join(' ');
}

function parseEntry(line: string): LedgerEntry | null {
  const [array = '', recorded = '', events = '', updated = '', ...members] = line.split(' ');
  const uuid = parseMdUuid(array);
  if (!uuid.ok || members.length === 0) return null;
  const inSync: LedgerMember[] = [];
  for (const word of members) {
    const [, role = '', device = ''] = /^(\d{1,4})=([0-9a-f]{32}|\/\d{1,5})$/.exec(word) ?? [];
    const deviceUuid = lengthened(device, uuid.value);
    const known = inSync.some((other) => other.deviceUuid === deviceUuid || other.role === Number(role));
    if (deviceUuid === null || !isDeviceUuid(deviceUuid, uuid.value) || known) return null;
    inSync.push({ deviceUuid, role: Number(role) });
  }
  const numbers = [recorded, events, updated].map(number);
  const [recordedAtMs, eventCount, updateTimeMs] = numbers;
  if (recordedAtMs == null || eventCount == null || updateTimeMs == null) return null;
  return { arrayUuid: uuid.value, recordedAtMs, events: eventCount, updateTimeMs, inSync };
}

const bare = (uuid: string): string => uuid.replaceAll(':', '');

const shortened = (deviceUuid: string, arrayUuid: MdUuid): string =>
  deviceUuid.startsWith(`${arrayUuid}/`) ? deviceUuid.slice(arrayUuid.length) : bare(deviceUuid);

function lengthened(device: string, arrayUuid: MdUuid): string | null {
  if (device.startsWith('/')) return `${arrayUuid}${device}`;
  const uuid = parseMdUuid(device);
  return uuid.ok ? uuid.value : null;
}

function number(text: string): number | null {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}
