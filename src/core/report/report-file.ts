import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';
import type { Role } from '../md/superblock.ts';
import { readShape, type Shape } from '../parse/json-reader.ts';
import type { Result } from '../result/result.ts';
import { asciiJson } from '../text/ascii-json.ts';
import {
  type CommandStep,
  NOT_STARTABLE_REASONS,
  type Outcome,
  type ReportedChoice,
  START_CAUSES,
  START_FAILURES,
  type TimelineEntry,
  type TimelineFacts,
  type TimelineKind,
  type WriteStep,
} from './timeline.ts';

export const REPORT_SCHEMA = 'reliable-raid/boot/2';

/** Entries kept: a machine whose disks come and go must not fill /run. */
export const MAX_ENTRIES = 4_000;

export const MAX_REPORT_BYTES = 4 * 1024 * 1024;

export interface EngineCost {
  /** To 10 ms (field 22 of /proc/self/stat). */
  readonly processStartedAtMs: number | null;
  /** The first look at the devices had been judged. */
  readonly firstDecisionAtMs: number | null;
  /** The most memory that it had resident (VmHWM). */
  readonly peakMemoryKiB: number | null;
}

/** What one boot did and why. All times but dates: milliseconds since the kernel started (CLOCK_MONOTONIC). */
export interface Report {
  readonly discoveryAtMs: number;
  /** Null while the engine runs, or when it ended without saying so. */
  readonly outcome: Outcome | null;
  /** What the engine itself cost, once it has finished. */
  readonly engine: EngineCost | null;
  readonly arrays: readonly { readonly uuid: MdUuid; readonly name: string }[];
  readonly timeline: readonly TimelineEntry[];
}

export const formatReport = (report: Report): string =>
  `${asciiJson({ schema: REPORT_SCHEMA, ...report })}\n`;

/** How the timeline of an older schema is read. */
export interface OlderSchema {
  readonly name: string;
  readonly entries: (entries: readonly unknown[]) => readonly TimelineEntry[];
}

/** Reads a report of this schema; and of an older one where the reader is given that. */
export const parseReport = (text: string, at: string, older?: OlderSchema): Result<Report> =>
  readShape(text, at, (top) => readReport(top, older));

/** The same inside another file. */
export function readReport(top: Shape, older?: OlderSchema): Report {
  const schema = top.field('schema').oneOf([REPORT_SCHEMA, ...(older === undefined ? [] : [older.name])]);
  const timeline = top.field('timeline');
  return {
    ...head(top),
    timeline:
      older !== undefined && schema === older.name
        ? older.entries(timeline.list(MAX_ENTRIES, (entry) => entry.raw()))
        : timeline.list(MAX_ENTRIES, entryOf),
  };
}

type Read<T> = (shape: Shape) => T;
type ReadFields<T> = { readonly [F in keyof T]: Read<T[F]> };

const listOf =
  <T>(read: Read<T>): Read<readonly T[]> =>
  (shape) =>
    shape.list(MAX_ENTRIES, read);
const orNull =
  <T>(read: Read<T>): Read<T | null> =>
  (shape) =>
    shape.orNull(read);
const oneOf =
  <const T extends string>(words: readonly T[]): Read<T> =>
  (shape) =>
    shape.oneOf(words);
const fieldsOf =
  <T>(fields: ReadFields<T>): Read<T> =>
  (shape) =>
    Object.fromEntries(
      Object.entries<Read<unknown>>(fields).map(([name, read]) => [name, read(shape.field(name))]),
    ) as T;

const word: Read<string> = (shape) => shape.text(MAX_REPORT_BYTES);
const number: Read<number> = (shape) => shape.number();
const boolean: Read<boolean> = (shape) => shape.boolean();
const array: Read<MdUuid> = (shape) => shape.value(parseMdUuid(word(shape)));
const words = listOf(word);
const noSlot = oneOf(['spare', 'faulty', 'journal']);
const roles = listOf((shape): Role => (typeof shape.raw() === 'number' ? number(shape) : noSlot(shape)));
const reason = oneOf(NOT_STARTABLE_REASONS);
const outcome = oneOf(['up', 'handover', 'given-back']);
const choices = listOf(
  fieldsOf<ReportedChoice>({
    devices: words,
    events: number,
    writtenMs: number,
    missingRoles: listOf(number),
  }),
);
const written = fieldsOf<WriteStep>({ path: word, value: word });
const steps = listOf((shape): CommandStep => {
  const argv = shape.field('argv');
  const [program, ...rest] = argv.raw() === undefined ? [] : words(argv);
  return program === undefined ? written(shape) : { argv: [program, ...rest] };
});

const head = fieldsOf<Omit<Report, 'timeline'>>({
  discoveryAtMs: number,
  outcome: orNull(outcome),
  engine: orNull(
    fieldsOf<EngineCost>({
      processStartedAtMs: orNull(number),
      firstDecisionAtMs: orNull(number),
      peakMemoryKiB: orNull(number),
    }),
  ),
  arrays: listOf(fieldsOf<Report['arrays'][0]>({ uuid: array, name: word })),
});

const runs = { array, device: word, state: word, missingCount: number, degraded: boolean };

/** How each field of each kind is read. */
const READERS: { readonly [K in TimelineKind]: ReadFields<TimelineFacts[K]> } = {
  'engine-started': {},
  ledger: { array, place: word, recordedAtMs: number, events: number, inSyncCount: number },
  'ledger-ignored': { place: word, detail: word },
  'member-arrived': { array, device: word },
  'array-complete': runs,
  'array-degraded': runs,
  'array-started': runs,
  notice: { array, missingRoles: orNull(roles), waitedMs: orNull(number), leftMs: orNull(number) },
  deadline: { array, cause: oneOf(START_CAUSES), missingRoles: orNull(roles) },
  key: { key: word, console: word },
  command: { array: orNull(array), steps, ok: boolean, detail: word },
  'events-lost': { detail: word, lookEveryMs: number },
  'start-failed': {
    array,
    reason: oneOf(START_FAILURES),
    device: orNull(word),
    detail: word,
    attempts: number,
  },
  'not-startable': { array, reason, missingRoles: roles },
  asked: { array, reason, choices: orNull(choices) },
  answered: { array, choice: number, console: word, devices: words },
  'shell-opened': { console: word },
  'shell-denied': { detail: word },
  'shell-left': {},
  'passphrase-opened': {},
  'passphrase-closed': {},
  released: { array, device: word, ok: boolean, detail: word },
  unlisted: { arrays: listOf(array) },
  handover: { arrays: listOf(array) },
  finished: { outcome },
};

const kindOf = oneOf(Object.keys(READERS) as TimelineKind[]);

function entryOf(shape: Shape): TimelineEntry {
  const kind = kindOf(shape.field('kind'));
  const facts = fieldsOf<object>(READERS[kind])(shape);
  return { atMs: number(shape.field('atMs')), kind, ...facts } as TimelineEntry;
}
