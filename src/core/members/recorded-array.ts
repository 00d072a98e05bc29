import { type MdUuid, parseMdUuid } from '../md-uuid.ts';
import { readShape, type Shape } from '../parse/shape.ts';
import type { RecordedArray } from './gate.ts';

/** More than the ledger file ever holds, which is refused beyond. */
export const MAX_LEDGER_FILE_BYTES = 4 * 1024 * 1024;

const MAX_ARRAYS = 4096;
const MAX_MEMBERS = 2048;

/** One array's entry of /var/lib/reliable-raid/ledger.json; null where there is none that can be read. */
export function recordedArray(text: string, uuid: MdUuid): RecordedArray | null {
  const read = readShape(text, 'ledger', (top) => {
    const entries = top.field('entries').list(MAX_ARRAYS, (entry) => entry);
    const own = entries.find((entry) => {
      const named = parseMdUuid(entry.field('arrayUuid').text(64));
      return named.ok && named.value === uuid;
    });
    return own === undefined ? null : readEntry(own);
  });
  return read.ok ? read.value : null;
}

function readEntry(entry: Shape): RecordedArray {
  return {
    events: entry.field('events').integer(0, Number.MAX_SAFE_INTEGER),
    updateTimeMs: entry.field('updateTimeMs').integer(0, Number.MAX_SAFE_INTEGER),
    inSync: entry.field('inSync').list(MAX_MEMBERS, readDeviceUuid),
    seen: entry.field('seen').list(MAX_MEMBERS, readDeviceUuid),
  };
}

const readDeviceUuid = (member: Shape): string => member.field('deviceUuid').text(128);
