import type { Ledger } from '../../core/ledger/ledger.ts';
import { MAX_LEDGER_BYTES, parseLedgerFile } from '../../core/ledger/ledger-file.ts';
import { MAX_LEDGER_TEXT, parseLedgerText } from '../../core/ledger/ledger-text.ts';
import type { KnownPlace, PlaceState } from '../../core/ledger/places.ts';
import { parseMountinfo } from '../../core/parse/mountinfo.ts';
import type { Result } from '../../core/result/result.ts';
import type { Machine } from '../machine.ts';
import { bootLedgerPath, type LedgerPlaces, ledgerFilePath } from '../own-places.ts';
import { readVariable } from './efi-variable.ts';

type LedgerSources = Pick<Machine, 'files' | 'runner' | 'paths'>;

/** What each place knows, the most trusted first. */
export async function readLedgers(
  machine: LedgerSources,
  places: LedgerPlaces,
): Promise<readonly KnownPlace[]> {
  const bootFile = await bootFilePath(machine, places);
  const file = ledgerFilePath(places);
  const known = [
    { name: 'EFI variable', state: await readVariable(machine) },
    { name: file, state: await readFile(machine, file, MAX_LEDGER_BYTES, parseLedgerFile) },
  ];
  if (bootFile === null) return known;
  const state = await readFile(machine, bootFile, MAX_LEDGER_TEXT + 1, parseLedgerText);
  return [...known, { name: bootFile, state }];
}

/** The copy beside the boot loader: on the ESP, else on /boot where that is a file system of its own; null where neither is mounted. */
export async function bootFilePath(
  { files, paths }: LedgerSources,
  { bootFolders }: LedgerPlaces,
): Promise<string | null> {
  const mounts = parseMountinfo((await files.readText(`${paths.proc}/self/mountinfo`)) ?? '');
  const folder = bootFolders.find((wanted) =>
    mounts.some(({ mountPoint, fsType }) => mountPoint === wanted && fsType !== 'autofs'),
  );
  return folder === undefined ? null : bootLedgerPath(folder);
}

/** What a place that could not be read is. */
export function unreadState(reason: 'missing' | 'denied' | 'error', detail: string): PlaceState {
  if (reason === 'missing') return { kind: 'empty' };
  return reason === 'denied'
    ? { kind: 'denied', why: 'may not be read: run it as root' }
    : { kind: 'damaged', why: `cannot be read (${detail})` };
}

async function readFile(
  { files }: LedgerSources,
  path: string,
  maxBytes: number,
  parse: (text: string, at: string) => Result<Ledger>,
): Promise<PlaceState> {
  const read = await files.readTextOrReason(path, maxBytes);
  if ('reason' in read) return unreadState(read.reason, read.detail);
  const parsed = parse(read.text, path);
  return parsed.ok
    ? { kind: 'read', ledger: parsed.value }
    : {
        kind: 'damaged',
        why: `${parsed.at === path ? '' : parsed.at.slice(path.length + 2)} ${parsed.why}`.trim(),
      };
}
