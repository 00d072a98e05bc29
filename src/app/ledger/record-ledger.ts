import {
  formatLedgerFile,
  type KeptLedger,
  MAX_LEDGER_BYTES,
  parseLedgerFile,
} from '../../core/ledger/ledger-file.ts';
import { MAX_LEDGER_TEXT, MAX_VARIABLE_TEXT } from '../../core/ledger/ledger-text.ts';
import { type KnownPlace, ledgerOf, type RecordedPlace } from '../../core/ledger/places.ts';
import {
  awaitingWrite,
  keptLedger,
  type ObservedEntry,
  planText,
  watchedLedger,
} from '../../core/ledger/plan-record.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import type { Machine } from '../machine.ts';
import { type LedgerPlaces, ledgerFilePath, runPath, writeInFolder } from '../own-places.ts';
import { writeVariable } from './efi-variable.ts';
import { bootFilePath } from './read-ledgers.ts';

interface RecordRequest {
  readonly running: readonly ObservedEntry[];
  /** The arrays that the boot needs, the most important first. */
  readonly watched: readonly MdUuid[];
  readonly known: readonly KnownPlace[];
  /** Writes nothing, and says what it would do. */
  readonly dryRun: boolean;
}

/** Records which members are in sync, in every place that this machine has; one that fails does not keep the others from it. */
export async function recordLedger(
  machine: Machine,
  places: LedgerPlaces,
  request: RecordRequest,
): Promise<readonly RecordedPlace[]> {
  const kept = keptLedger(await readKept(machine, places), request.running);
  const records = request.known.flatMap((place) => ledgerOf(place) ?? []);
  if (!request.dryRun) await markUnwritten(machine, awaitingWrite(records, request.running));
  const done = [await recordVariable(machine, request, kept)];
  done.push(await recordFile(machine, places, request, kept));
  const boot = await recordBootFile(machine, places, request, kept);
  return boot === null ? done : [...done, boot];
}

/** reliable-raid-unwritten.service waits for the first write to one of these arrays, and records anew. */
async function markUnwritten({ files, paths }: Machine, devices: readonly string[]): Promise<void> {
  const mark = runPath(paths, 'unwritten');
  if (devices.length > 0) await writeInFolder(files, mark, devices.map((device) => `${device}\n`).join(''));
  else if (await files.exists(mark)) await files.remove(mark);
}

/** The file with all that it knows; a damaged one is replaced. */
async function readKept({ files }: Machine, places: LedgerPlaces): Promise<KeptLedger> {
  const path = ledgerFilePath(places);
  const text = await files.readText(path, MAX_LEDGER_BYTES);
  const parsed = text === null ? null : parseLedgerFile(text, path);
  return parsed?.ok ? parsed.value : { entries: [] };
}

async function recordVariable(
  machine: Machine,
  { running, watched, known, dryRun }: RecordRequest,
  kept: KeptLedger,
): Promise<RecordedPlace> {
  const name = 'EFI variable';
  const place = known.find((each) => each.name === name);
  if (place === undefined || place.state.kind === 'none')
    return { name, done: 'none', why: place?.state.kind === 'none' ? place.state.why : null, leftOut: [] };
  if (watched.length === 0)
    return { name, done: 'none', why: 'no array that the boot needs is known', leftOut: [] };
  const before = ledgerOf(place);
  const plan = planText(watchedLedger(watched, running, before, kept), before, MAX_VARIABLE_TEXT);
  const { leftOut } = plan;
  if (!plan.needed) return { name, done: 'kept', why: null, leftOut };
  const written = dryRun ? null : await writeVariable(machine, plan.text);
  return written === null || written.ok
    ? { name, done: 'written', why: null, leftOut }
    : { name, done: 'failed', why: written.why, leftOut };
}

async function recordFile(
  machine: Machine,
  places: LedgerPlaces,
  { dryRun }: RecordRequest,
  kept: KeptLedger,
): Promise<RecordedPlace> {
  const name = ledgerFilePath(places);
  const why = dryRun ? null : await writeInFolder(machine.files, name, formatLedgerFile(kept));
  return { name, done: why === null ? 'written' : 'failed', why, leftOut: [] };
}

/** The copy beside the boot loader: on a file system without a journal, so it is written as seldom as the variable. */
async function recordBootFile(
  machine: Machine,
  places: LedgerPlaces,
  { running, watched, known, dryRun }: RecordRequest,
  kept: KeptLedger,
): Promise<RecordedPlace | null> {
  const name = await bootFilePath(machine, places);
  if (name === null) return null;
  const place = known.find((each) => each.name === name);
  const before = place === undefined ? null : ledgerOf(place);
  const plan = planText(watchedLedger(watched, running, before, kept), before, MAX_LEDGER_TEXT);
  const { leftOut } = plan;
  if (!plan.needed) return { name, done: 'kept', why: null, leftOut };
  const why = dryRun ? null : await writeInFolder(machine.files, name, plan.text);
  return { name, done: why === null ? 'written' : 'failed', why, leftOut };
}
