import { parse, TomlError } from 'smol-toml';
import { escapeForConsole } from '../../core/text/escape-console.ts';

/** One value of a file, by the names that lead to it; a table without values is a value of its own. */
export interface TomlEntry {
  readonly path: readonly string[];
  readonly value: unknown;
  /** From 1. */
  readonly line: number;
}

export interface TomlFault {
  readonly line: number;
  readonly why: string;
}

type Table = Readonly<Record<string, unknown>>;

/** A value over more lines than this is none of ours. */
const MAX_LINES_OF_A_VALUE = 30;
/** For the whole file, so that a hostile one ends soon. */
const MAX_TRIES = 300;
/** After so many it is no configuration. */
const MAX_FAULTS = 50;

/**
 * The values of a TOML file one by one, so that a line that is no TOML costs only itself. A heading that is none costs its
 * section: what stands below it must not count for another one.
 */
export function tomlEntries(text: string): {
  readonly entries: readonly TomlEntry[];
  readonly faults: readonly TomlFault[];
} {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const entries: TomlEntry[] = [];
  const faults: TomlFault[] = [];
  const statements = new Statements(lines);
  let heading: readonly string[] | null = [];
  for (let at = 0; at < lines.length; ) {
    const line = at + 1;
    if (faults.length === MAX_FAULTS) {
      faults.push({ line, why: 'too many lines are no TOML; the rest of the file is ignored' });
      break;
    }
    const first = (lines[at] ?? '').trim();
    const { read, next } = statements.read(at);
    at = next;
    if (first === '' || first.startsWith('#')) continue;
    if (first.startsWith('[')) {
      heading = typeof read === 'string' ? null : headingOf(read);
      if (typeof read === 'string') faults.push({ line, why: `${read}; the section is ignored` });
      else if (heading === null) entries.push({ path: Object.keys(read), value: [], line });
      else entries.push({ path: heading, value: {}, line });
    } else if (typeof read === 'string') {
      if (heading !== null) faults.push({ line, why: `${read}; the line is ignored` });
    } else if (heading !== null)
      for (const { path, value } of leavesOf(read))
        entries.push({ path: [...heading, ...path], value, line });
  }
  return { entries, faults };
}

/** What one line says, with those after it that its value goes on in. */
class Statements {
  private readonly lines: readonly string[];
  private triesLeft = MAX_TRIES;

  constructor(lines: readonly string[]) {
    this.lines = lines;
  }

  /** A text is why it cannot be read. */
  read(at: number): { readonly read: Table | string; readonly next: number } {
    const first = this.lines[at] ?? '';
    const alone = parseOrFault(first);
    if (typeof alone !== 'string' || !/"""|'''|[=,]\s*[[{]/.test(first)) return { read: alone, next: at + 1 };
    const last = Math.min(this.lines.length, at + MAX_LINES_OF_A_VALUE);
    for (let end = at + 2; end <= last && this.triesLeft > 0; end++) {
      this.triesLeft--;
      const read = parseOrFault(this.lines.slice(at, end).join('\n'));
      if (typeof read !== 'string') return { read, next: end };
    }
    return { read: alone, next: at + 1 };
  }
}

function parseOrFault(text: string): Table | string {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) return 'cannot be read as TOML';
    const [what = ''] = error.message.replace('Invalid TOML document: ', '').split('\n');
    return `no TOML (${escapeForConsole(what, 120)})${hintOn(text)}`;
  }
}

/** The usual slip: a word without quotes. */
function hintOn(text: string): string {
  const [, key = '', word = ''] = /^\s*([\w-]+)\s*=\s*([A-Za-z][\w-]*)\s*(?:#.*)?$/.exec(text) ?? [];
  return word === '' ? '' : `: a word stands in quotes, ${key} = "${word}"`;
}

/** Null for a list of tables, `[[name]]`, which the configuration does not have. */
function headingOf(table: Table): readonly string[] | null {
  const path: string[] = [];
  for (let at: unknown = table; ; ) {
    if (!isTable(at)) return null;
    const [name] = Object.keys(at);
    if (name === undefined) return path;
    path.push(name);
    at = at[name];
  }
}

function* leavesOf(table: Table): Generator<{ path: string[]; value: unknown }> {
  for (const [name, value] of Object.entries(table)) {
    if (!isTable(value) || Object.keys(value).length === 0) yield { path: [name], value };
    else for (const leaf of leavesOf(value)) yield { path: [name, ...leaf.path], value: leaf.value };
  }
}

/** Dates are objects too. */
export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
