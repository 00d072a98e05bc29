import { believedEntry } from '../../ledger/apply-ledger.ts';
import { byImportance } from '../../ledger/importance.ts';
import { EMPTY_LEDGER, entryOf, type LedgerEntry } from '../../ledger/ledger.ts';
import type { LedgerFindings } from '../../ledger/ledger-findings.ts';
import { newestEntry } from '../../ledger/newest-entry.ts';
import { ledgerOf, type RecordedPlace } from '../../ledger/places.ts';
import type { MdUuid } from '../../md/md-uuid.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel } from '../labels.ts';
import { type LedgerListing, renderLedger } from './ledger-listing.ts';

export const LEDGER_REPORT_SCHEMA = 'reliable-raid/ledger-report/1';

/** What became of each place, after a dry run also what each knows. 79 columns. */
export function renderLedgerReport(findings: LedgerFindings): string {
  const { nowMs, dryRun, recorded } = findings;
  const listings = dryRun ? listingsOf(findings).map((listing) => renderLedger(listing, nowMs)) : [];
  return [...listings, ...recorded.map((place) => sentenceOf(place, dryRun))].join('\n');
}

function sentenceOf({ name, done, why }: RecordedPlace, dryRun: boolean): string {
  const words = {
    written: dryRun ? 'would be written' : 'written',
    kept: 'already up to date',
    failed: 'not written',
    none: `none: ${why}`,
  };
  return `${escapeForConsole(name, 200)}: ${words[done]}`;
}

/** Each is one line, safe for a console. */
export function ledgerWarnings({
  denied,
  known,
  recorded,
  watchlist,
  rebuild,
}: LedgerFindings): readonly string[] {
  const warnings = denied.map(({ device, why }) => `/dev/${device}: ${why}`);
  for (const { name, state } of known) {
    if (state.kind === 'damaged') warnings.push(`${name}: ${state.why}; it will be replaced`);
    if (state.kind === 'denied') warnings.push(`${name}: ${state.why}`);
  }
  for (const { name, done, why, leftOut } of recorded) {
    if (done === 'failed') warnings.push(`${name}: ${why ?? 'not written'}`);
    if (leftOut.length > 0) warnings.push(`${name}: no room for ${leftOut.join(', ')}`);
  }
  if (watchlist === null && denied.length === 0)
    warnings.push(`it is not known yet which arrays the boot needs; try: ${rebuild}`);
  return warnings.map((text) => escapeForConsole(text, 300));
}

/** Every array that any place or the machine knows: the watched ones first. */
function listingsOf({ running, denied, known, watchlist, nowMs }: LedgerFindings): readonly LedgerListing[] {
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
      label:
        watched === undefined
          ? (now?.device ?? (denied.length > 0 ? 'not read' : 'not running'))
          : arrayLabel(watched),
      uuid,
      now,
      mayRun: now === null && denied.length > 0,
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

/** The findings for programs. */
export function renderLedgerJson(findings: LedgerFindings): string {
  const { dryRun, known, recorded } = findings;
  const report = {
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
    warnings: ledgerWarnings(findings),
  };
  return JSON.stringify(report, null, 1);
}

const plain = ({ recordedAtMs, events, updateTimeMs, inSync }: LedgerEntry): object => ({
  recordedAtMs,
  events,
  updateTimeMs,
  inSync,
});
