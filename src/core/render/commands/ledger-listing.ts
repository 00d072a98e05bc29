import type { LedgerEntry } from '../../ledger/ledger.ts';
import { ageWords } from '../../text/age.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { fit } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';

/** What one place says of one array. */
interface PlaceLine {
  readonly place: string;
  readonly entry: LedgerEntry;
  readonly believed: boolean;
}

export interface LedgerListing {
  /** Already safe for a console. */
  readonly label: string;
  readonly uuid: string;
  /** Null when it does not run. */
  readonly now: LedgerEntry | null;
  /** Whether it runs is not known: its members may not be read. */
  readonly mayRun: boolean;
  readonly lines: readonly PlaceLine[];
}

/** What is known of an array in each place, how old that is, and which one is believed. 79 columns. */
export function renderLedger({ label, uuid, now, mayRun, lines }: LedgerListing, nowMs: number): string {
  const text = [`array ${label}  UUID ${uuid}`];
  for (const { place, entry, believed } of lines) {
    const age = `recorded ${utcDate(entry.recordedAtMs)}, ${ageWords(entry.recordedAtMs, nowMs)}`;
    text.push(
      `${believed ? '  * ' : '    '}${escapeForConsole(place, 60)}`,
      `      ${age}`,
      `      ${state(entry)}`,
    );
  }
  if (lines.length === 0) text.push('    no place has a record of it');
  text.push(
    now === null
      ? `    ${mayRun ? 'its members may not be read: run it as root' : 'it is not running now'}`
      : `    now: ${state(now)}`,
  );
  return text.map(fit).join('\n');
}

const state = ({ inSync, events, updateTimeMs }: LedgerEntry): string =>
  `in sync: role ${inSync.map(({ role }) => role).join(', ')}; ${events} events, written ${utcDate(updateTimeMs)}`;
