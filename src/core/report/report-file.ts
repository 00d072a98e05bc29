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
  readShape(text, at, (top) => {
    const schema = top.field('schema').oneOf([REPORT_SCHEMA, ...(older === undefined ? [] : [older.name])]);
    const timeline = top.field('timeline');
    return {
      discoveryAtMs: number(top.field('discoveryAtMs')),
      outcome: top.field('outcome').orNull(outcome),
      engine: top.field('engine').orNull((engine) => ({
        processStartedAtMs: numberOrNull(engine.field('processStartedAtMs')),
        firstDecisionAtMs: numberOrNull(engine.field('firstDecisionAtMs')),
        peakMemoryKiB: numberOrNull(engine.field('peakMemoryKiB')),
      })),
      arrays: listOf((each) => ({ uuid: array(each.field('uuid')), name: word(each.field('name')) }))(
        top.field('arrays'),
      ),
      timeline:
        older !== undefined && schema === older.name
          ? older.entries(timeline.list(MAX_ENTRIES, (entry) => entry.raw()))
          : timeline.list(MAX_ENTRIES, entryOf),
    };
  });

const word = (shape: Shape): string => shape.text(MAX_REPORT_BYTES);
const words = listOf(word);
const number = (shape: Shape): number => shape.number();
const numberOrNull = (shape: Shape): number | null => shape.orNull(number);
const boolean = (shape: Shape): boolean => shape.boolean();
const array = (shape: Shape): MdUuid => shape.value(parseMdUuid(word(shape)));
const outcome = (shape: Shape): Outcome => shape.oneOf(['up', 'handover']);
const slots = listOf(number);
const roles = listOf(
  (shape): Role =>
    typeof shape.raw() === 'number' ? number(shape) : shape.oneOf(['spare', 'faulty', 'journal']),
);
const rolesOrNull = (shape: Shape): readonly Role[] | null => shape.orNull(roles);
const reason = (shape: Shape) => shape.oneOf(NOT_STARTABLE_REASONS);
const steps = listOf((shape): CommandStep => {
  const argv = shape.field('argv');
  const [program, ...rest] = argv.raw() === undefined ? [] : words(argv);
  return program !== undefined
    ? { argv: [program, ...rest] }
    : { path: word(shape.field('path')), value: word(shape.field('value')) };
});
const choices = listOf(
  (shape): ReportedChoice => ({
    devices: words(shape.field('devices')),
    events: number(shape.field('events')),
    writtenMs: number(shape.field('writtenMs')),
    missingRoles: slots(shape.field('missingRoles')),
  }),
);

function listOf<T>(read: (shape: Shape) => T): (shape: Shape) => readonly T[] {
  return (shape) => shape.list(MAX_ENTRIES, read);
}

const runs = { array, device: word, state: word, missingCount: number, degraded: boolean };

/** How each field of each kind is read. */
const READERS: {
  [K in TimelineKind]: { [F in keyof TimelineFacts[K]]: (shape: Shape) => TimelineFacts[K][F] };
} = {
  'engine-started': {},
  ledger: { array, place: word, recordedAtMs: number, events: number, inSyncCount: number },
  'ledger-ignored': { place: word, detail: word },
  'member-arrived': { array, device: word },
  'array-complete': runs,
  'array-degraded': runs,
  'array-started': runs,
  notice: { array, missingRoles: rolesOrNull, waitedMs: numberOrNull, leftMs: numberOrNull },
  deadline: { array, cause: (shape) => shape.oneOf(START_CAUSES), missingRoles: rolesOrNull },
  key: { key: word, console: word },
  command: { array: (shape) => shape.orNull(array), steps, ok: boolean, detail: word },
  'events-lost': { detail: word, lookEveryMs: number },
  'start-failed': {
    array,
    reason: (shape) => shape.oneOf(START_FAILURES),
    device: (shape) => shape.orNull(word),
    detail: word,
    attempts: number,
  },
  'not-startable': { array, reason, missingRoles: roles },
  asked: { array, reason, choices: (shape) => shape.orNull(choices) },
  answered: { array, choice: number, console: word, devices: words },
  'shell-opened': { console: word },
  'shell-denied': { detail: word },
  'shell-left': {},
  'passphrase-opened': {},
  'passphrase-closed': {},
  released: { array, device: word, ok: boolean, detail: word },
  handover: { arrays: listOf(array) },
  finished: { outcome },
};

function entryOf(shape: Shape): TimelineEntry {
  const kind = shape.field('kind').oneOf(Object.keys(READERS) as TimelineKind[]);
  const facts = Object.entries(READERS[kind]).map(([name, read]) => [name, read(shape.field(name))]);
  return { atMs: number(shape.field('atMs')), kind, ...Object.fromEntries(facts) };
}
