import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';
import type { Shape } from '../parse/json-reader.ts';
import type { Result } from '../result/result.ts';
import { type OlderSchema, parseReport, type Report, readReport } from './report-file.ts';
import type {
  NOT_STARTABLE_REASONS,
  START_CAUSES,
  START_FAILURES,
  TimelineEntry,
  TimelineFact,
} from './timeline.ts';

type Reason = (typeof NOT_STARTABLE_REASONS)[number];

/** What schema 1 said of every kind of entry. */
interface OldEntry {
  readonly atMs: number;
  readonly kind: string;
  readonly array: MdUuid | null;
  readonly degraded: boolean;
  readonly text: string;
}

/** A report of any schema: for everything that reads reports but the engine, whose stages are of one program. */
export const parseAnyReport = (text: string, at: string): Result<Report> => parseReport(text, at, SCHEMA_1);

/** The same inside another file. */
export const readAnyReport = (top: Shape): Report => readReport(top, SCHEMA_1);

const SCHEMA_1: OlderSchema = {
  name: 'reliable-raid/boot/1',
  entries: (entries) => entriesOfSchema1(entries),
};

/** The entries of a report of schema 1, whose facts stood in sentences. One that does not say enough is left out. */
function entriesOfSchema1(entries: readonly unknown[]): readonly TimelineEntry[] {
  const failures = new Map<MdUuid, number>();
  return entries.flatMap((entry): TimelineEntry[] => {
    const old = oldEntry(entry);
    const fact = old === null ? null : factOf(old);
    if (old === null || fact === null) return [];
    if (fact.kind !== 'start-failed') return [{ atMs: old.atMs, ...fact }];
    const attempts = (failures.get(fact.array) ?? 0) + 1;
    failures.set(fact.array, attempts);
    return [{ atMs: old.atMs, ...fact, attempts }];
  });
}

function oldEntry(entry: unknown): OldEntry | null {
  if (typeof entry !== 'object' || entry === null) return null;
  const { atMs, kind, array, degraded, text } = entry as Readonly<Record<string, unknown>>;
  if (typeof atMs !== 'number' || !Number.isFinite(atMs) || typeof kind !== 'string') return null;
  const uuid = parseMdUuid(typeof array === 'string' ? array : '');
  return {
    atMs,
    kind,
    array: uuid.ok ? uuid.value : null,
    degraded: degraded === true,
    text: typeof text === 'string' ? text : '',
  };
}

function factOf(old: OldEntry): TimelineFact | null {
  const { kind, text, array } = old;
  switch (kind) {
    case 'engine-started':
    case 'shell-left':
    case 'passphrase-opened':
    case 'passphrase-closed':
      return { kind };
    case 'shell-opened':
      return { kind, console: text };
    case 'shell-denied':
      return { kind, detail: text };
    case 'key': {
      const [key = '', console = ''] = text.split(' on ');
      return { kind, key, console };
    }
    case 'command':
      return commandOf(text);
    case 'handover':
      return { kind, arrays: uuidsIn(text) };
    case 'finished':
      return text === 'up' || text === 'handover' ? { kind, outcome: text } : null;
    default:
      return array === null ? null : factOfArray(old, array);
  }
}

function factOfArray({ kind, text, degraded }: OldEntry, array: MdUuid): TimelineFact | null {
  switch (kind) {
    case 'member-arrived':
      return { kind, array, device: text };
    case 'array-complete':
    case 'array-degraded':
    case 'array-started': {
      const [, device = '', state = '', missing = '0'] =
        /^(\S+) is ([^,]+)(?:, (\d{1,9}) missing)?/.exec(text) ?? [];
      return { kind, array, device, state, missingCount: Number(missing), degraded };
    }
    case 'notice':
      return { kind, array, missingRoles: null, waitedMs: null, leftMs: null };
    case 'deadline':
      return { kind, array, cause: found(text, CAUSES, 'wait-over'), missingRoles: null };
    case 'start-failed': {
      const device = /\bmd[^\s/:]*\d[^\s/:]*(?=: |$| could)/.exec(text)?.[0] ?? null;
      return { kind, array, reason: found(text, FAILURES, 'not-run'), device, detail: text, attempts: 1 };
    }
    case 'not-startable':
      return { kind, array, reason: found(text, REASONS, 'too-few'), missingRoles: missingRolesIn(text) };
    case 'asked':
      return { kind, array, reason: found(text, REASONS, 'too-few'), choices: null };
    case 'answered': {
      const [, choice = '0', console = '', devices = ''] = /^(\d{1,9}) on (\S*): (.*)$/.exec(text) ?? [];
      return { kind, array, choice: Number(choice), console, devices: devices.split(' ') };
    }
    case 'released': {
      const [device = '', ...detail] = text.split(': ');
      return { kind, array, device, ok: detail.length === 0, detail: detail.join(': ') };
    }
    default:
      return null;
  }
}

function commandOf(text: string): TimelineFact {
  const [, lost, everyS] = /^device events ended: (.*); looking every (\d{1,9}) s$/.exec(text) ?? [];
  if (lost !== undefined) return { kind: 'events-lost', detail: lost, lookEveryMs: Number(everyS) * 1000 };
  const [line = '', ...detail] = text.split(': failed: ');
  const steps = line.split('; ').map((step) => {
    const [, value, path] = /^echo (\S+) > (.*)$/.exec(step) ?? [];
    const [program = '', ...rest] = step.split(' ');
    return value === undefined || path === undefined
      ? { argv: [program, ...rest] as const }
      : { path, value };
  });
  return { kind: 'command', array: null, steps, ok: detail.length === 0, detail: detail.join(': failed: ') };
}

const uuidsIn = (text: string): readonly MdUuid[] =>
  text.split(' ').flatMap((word) => {
    const uuid = parseMdUuid(word);
    return uuid.ok ? [uuid.value] : [];
  });

const missingRolesIn = (text: string): readonly (number | 'journal')[] =>
  [...text.matchAll(/^ {2}missing {2}(?:role (\d{1,9})|journal)/gm)].map(([, role]) =>
    role === undefined ? 'journal' : Number(role),
  );

/** The first whose words are in the text. */
const found = <T extends string>(text: string, words: readonly (readonly [T, RegExp])[], otherwise: T): T =>
  words.find(([, word]) => word.test(text.replace(/\s+/g, ' ')))?.[0] ?? otherwise;

const CAUSES: readonly (readonly [(typeof START_CAUSES)[number], RegExp])[] = [
  ['chosen', /chosen/],
  ['key', /by a key/],
  ['degraded-before', /degraded before/],
];

const FAILURES: readonly (readonly [(typeof START_FAILURES)[number], RegExp])[] = [
  ['not-stopped', /^mdadm --stop|could not be stopped/],
  ['not-bound', /^mdadm --incremental|no md device appeared/],
  ['no-member-left', /no member of it/],
  ['no-device', /no md device holds/],
  ['not-read-auto', /^write|read-auto/],
];

const REASONS: readonly (readonly [Reason, RegExp])[] = [
  ['start-failed', /could not be started: /],
  ['policy', /as configured/],
  ['stale', /this copy is from/],
  ['split-brain', /without the other|last saw it/],
  ['duplicate-members', /both say|two paths/],
  ['journal-missing', /write journal/],
  ['reshape', /a reshape is/],
  ['unknown-level', /not one that can be judged/],
  ['external-metadata', /container|mdadm cannot tell|disks (?:is|are) there/],
  ['dirty-degraded', /parity may be wrong/],
];
