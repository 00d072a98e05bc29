import { UPDATE_INITRAMFS } from '../../core/image/generator.ts';
import { believedEntry } from '../../core/ledger/apply-ledger.ts';
import { byImportance } from '../../core/ledger/importance.ts';
import { EMPTY_LEDGER, entryOf, type LedgerEntry } from '../../core/ledger/ledger.ts';
import { newestEntry } from '../../core/ledger/newest-entry.ts';
import type { RunningArray } from '../../core/ledger/plan-record.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { type LedgerListing, renderLedger } from '../../core/render/commands/ledger-listing.ts';
import { arrayLabel } from '../../core/render/console/boot-messages.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { WatchedArray, Watchlist } from '../../core/watchlist/watchlist.ts';
import type { Machine } from '../machine.ts';
import { keptWatchlistPath, ledgerPlaces } from '../own-places.ts';
import { observeInSync } from '../read/in-sync-members.ts';
import { dateMs } from '../read/wall-clock.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { type KnownPlace, ledgerOf, readLedgers } from './read-ledgers.ts';
import { type RecordedPlace, recordLedger } from './record-ledger.ts';

export const LEDGER_REPORT_SCHEMA = 'reliable-raid/ledger-report/1';

export interface LedgerRequest {
  /** Shows what is known and what would be written; writes nothing. */
  readonly dryRun: boolean;
  readonly json: boolean;
}

interface LedgerOutput {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** What there is to say, before anything of it is words. */
interface Findings {
  readonly nowMs: number;
  readonly running: readonly RunningArray[];
  readonly known: readonly KnownPlace[];
  readonly watchlist: Watchlist | null;
  readonly recorded: readonly RecordedPlace[];
}

/**
 * `reliable-raid ledger`: records which members of each running array are in sync, or shows what is known. `resolve` makes
 * the watchlist where none was kept; without one nothing is written to the small places. Exit status 1 when nothing could be recorded.
 */
export async function ledger(
  request: LedgerRequest,
  machine: Machine,
  output: LedgerOutput,
  resolve: () => Promise<Watchlist | null> = async () => null,
  places = ledgerPlaces(machine.paths),
): Promise<number> {
  // In the boot image nothing lasts, and the arrays are not what they will be in a moment.
  const inImage = await machine.files.exists(`${machine.paths.etc}/reliable-raid/arrays`);
  const dryRun = request.dryRun || inImage;
  const kept = await loadWatchlist(machine.files, keptWatchlistPath(places));
  const watchlist = kept.ok ? kept.value : await resolve();
  const nowMs = await dateMs(machine);
  const [running, known] = [await observeInSync(machine, nowMs), await readLedgers(machine, places)];
  const watched = watchlist === null ? [] : byImportance(watchlist);
  const recorded = await recordLedger(machine, places, { running, watched, known, dryRun });
  const findings = { nowMs, running, known, watchlist, recorded };
  if (request.json) output.out(JSON.stringify(reportOf(findings, dryRun), null, 1));
  else if (dryRun) for (const listing of listingsOf(findings)) output.out(renderLedger(listing, nowMs));
  if (!request.json) for (const place of recorded) output.out(sentenceOf(place, dryRun));
  for (const warning of warningsOf(findings)) output.err(`reliable-raid: warning: ${warning}`);
  return recorded.some(({ done }) => done === 'written' || done === 'kept') ? 0 : 1;
}

function sentenceOf({ name, done, why }: RecordedPlace, dryRun: boolean): string {
  const words = {
    written: dryRun ? 'would be written' : 'written',
    kept: 'says already what counts',
    failed: 'not written',
    none: `none: ${why}`,
  };
  return `${escapeForConsole(name, 200)}: ${words[done]}`;
}

function warningsOf({ known, recorded, watchlist }: Findings): readonly string[] {
  const warnings = known.flatMap(({ name, state }) =>
    state.kind === 'damaged' ? [`${name}: ${state.why}; it is begun anew`] : [],
  );
  for (const { name, done, why, leftOut } of recorded) {
    if (done === 'failed') warnings.push(`${name}: ${why ?? 'not written'}`);
    if (leftOut.length > 0) warnings.push(`${name}: no room for ${leftOut.join(', ')}`);
  }
  if (watchlist === null)
    warnings.push(`which arrays the boot needs is not known yet; try: ${UPDATE_INITRAMFS}`);
  return warnings.map((text) => escapeForConsole(text, 300));
}

/** Every array that any place or the machine knows: the watched ones first. */
function listingsOf({ running, known, watchlist, nowMs }: Findings): readonly LedgerListing[] {
  const ledgers = known.map((place) => ledgerOf(place) ?? EMPTY_LEDGER);
  const uuids = new Set<MdUuid>([
    ...(watchlist === null ? [] : byImportance(watchlist)),
    ...running.map(({ arrayUuid }) => arrayUuid),
    ...ledgers.flatMap(({ entries }) => entries.map(({ arrayUuid }) => arrayUuid)),
  ]);
  return [...uuids].map((uuid) => {
    const watched = watchlist?.arrays.find((array) => array.uuid === uuid);
    const now = running.find(({ arrayUuid }) => arrayUuid === uuid) ?? null;
    const lines = known.flatMap(({ name }, index) => {
      const entry = entryOf(ledgers[index] ?? EMPTY_LEDGER, uuid);
      return entry === undefined ? [] : [{ place: name, entry }];
    });
    const believed = believedOf(
      watched,
      lines.map(({ entry }) => entry),
      nowMs,
    );
    return {
      label: watched === undefined ? (now?.device ?? 'not running') : arrayLabel(watched),
      uuid,
      now,
      lines: lines.map((line) => ({ ...line, believed: line.entry === believed })),
    };
  });
}

const believedOf = (
  watched: WatchedArray | undefined,
  entries: readonly LedgerEntry[],
  nowMs: number,
): LedgerEntry | null =>
  watched === undefined
    ? newestEntry(entries, nowMs)
    : (believedEntry(
        watched,
        entries.map((entry) => ({ entries: [entry] })),
        nowMs,
      )?.entry ?? null);

function reportOf(findings: Findings, dryRun: boolean): unknown {
  const { known, recorded } = findings;
  return {
    schema: LEDGER_REPORT_SCHEMA,
    dryRun,
    arrays: listingsOf(findings).map(({ label, uuid, now, lines }) => ({
      name: label,
      uuid,
      now: now === null ? null : plain(now),
      places: lines.map(({ place, entry, believed }) => ({ place, believed, ...plain(entry) })),
    })),
    places: known.map(({ name, state }) => ({
      name,
      state: state.kind,
      why: 'why' in state ? state.why : null,
      ...(recorded.find((place) => place.name === name) ?? {}),
    })),
    warnings: warningsOf(findings),
  };
}

const plain = ({ recordedAtMs, events, updateTimeMs, inSync }: LedgerEntry): object => ({
  recordedAtMs,
  events,
  updateTimeMs,
  inSync,
});
