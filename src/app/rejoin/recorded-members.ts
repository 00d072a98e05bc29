import { MAX_LEDGER_BYTES } from '../../core/ledger/ledger-file.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import type { RecordedArray } from '../../core/rejoin/gate.ts';
import { recordedArray } from '../../core/rejoin/recorded-array.ts';
import type { Machine } from '../machine.ts';
import { ledgerFilePath, ledgerPlaces } from '../own-places.ts';

/** What was last recorded of an array of this machine; null where nothing was. */
export async function readRecorded(
  { files, paths }: Pick<Machine, 'files' | 'paths'>,
  uuid: MdUuid,
): Promise<RecordedArray | null> {
  const text = await files.readText(ledgerFilePath(ledgerPlaces(paths)), MAX_LEDGER_BYTES);
  return text === null ? null : recordedArray(text, uuid);
}

/** Device UUIDs that were ever seen in that array. */
export const allSeen = (recorded: RecordedArray | null): ReadonlySet<string> | null =>
  recorded === null ? null : new Set([...recorded.inSync, ...recorded.seen]);
