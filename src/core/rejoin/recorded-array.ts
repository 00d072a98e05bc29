import { parseLedgerFile } from '../ledger/ledger-file.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { RecordedArray } from './gate.ts';

/** One array's entry of /var/lib/reliable-raid/ledger.json; null where there is none that can be read. */
export function recordedArray(text: string, uuid: MdUuid): RecordedArray | null {
  const read = parseLedgerFile(text, 'ledger');
  const entry = read.ok ? read.value.entries.find(({ arrayUuid }) => arrayUuid === uuid) : undefined;
  if (entry === undefined) return null;
  const { events, updateTimeMs, inSync, seen, foreign } = entry;
  return {
    events,
    updateTimeMs,
    inSync: inSync.map(({ deviceUuid }) => deviceUuid),
    inSyncRoles: inSync.map(({ role }) => role),
    seen: seen.map(({ deviceUuid }) => deviceUuid),
    isForeign: foreign,
  };
}
