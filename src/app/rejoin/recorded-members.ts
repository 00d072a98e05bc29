import { MAX_LEDGER_BYTES } from '../../core/ledger/ledger-file.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import type { RecordedArray } from '../../core/rejoin/gate.ts';
import { recordedArray } from '../../core/rejoin/recorded-array.ts';
import type { Files } from '../../ports/files.ts';

/** What was last recorded of an array of this machine; null where nothing was. */
export async function readRecorded(files: Files, path: string, uuid: MdUuid): Promise<RecordedArray | null> {
  const text = await files.readText(path, MAX_LEDGER_BYTES);
  return text === null ? null : recordedArray(text, uuid);
}

/** Device UUIDs that were ever seen in that array. */
export const allSeen = (recorded: RecordedArray | null): ReadonlySet<string> | null =>
  recorded === null ? null : new Set([...recorded.inSync, ...recorded.seen]);
