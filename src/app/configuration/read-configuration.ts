import { parseMdUuid } from '../../core/md/md-uuid.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import {
  type ArraySettings,
  allowedValues,
  DEFAULTS,
  FORMER_SETTINGS,
  isAllowed,
  isSettingName,
  PER_ARRAY,
  SETTING_NAMES,
  type SettingName,
  type SettingValues,
} from './settings.ts';
import { isTable, type TomlEntry } from './toml-entries.ts';

/** One configuration file, its values already read. */
export interface ConfigurationFile {
  readonly at: string;
  readonly entries: readonly TomlEntry[];
}

export interface Configuration {
  readonly options: SettingValues;
  /** `FILE:LINE` of each value that a file sets. */
  readonly places: ReadonlyMap<SettingName, string>;
  readonly arrays: readonly ArraySection[];
}

/** All that the files say of one array, under one name. */
export interface ArraySection {
  /** As written first. */
  readonly key: string;
  /** `FILE:LINE` where it is named first. */
  readonly at: string;
  readonly values: ArraySettings;
  readonly places: ReadonlyMap<SettingName, string>;
}

interface Found {
  readonly value: unknown;
  readonly place: string;
}

interface OpenSection {
  readonly key: string;
  readonly at: string;
  readonly found: Map<SettingName, Found>;
}

/** Defaults, overridden by each file in turn. A bad key or value costs only itself: it is named and the one before it stays. */
export function readConfiguration(files: readonly ConfigurationFile[]): {
  readonly configuration: Configuration;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const found = new Map<SettingName, Found>();
  const sections = new Map<string, OpenSection>();
  for (const { at, entries } of files) {
    const seen = new Map<string, number>();
    for (const entry of entries) {
      const place = `${at}:${entry.line}`;
      const fault = isTwice(entry, seen) ?? take(entry, place, found, sections);
      if (fault !== null) warnings.push(`${place}: ${fault}`);
    }
  }
  keepLimits(found, sections, warnings);
  const options = { ...DEFAULTS, ...valuesOf(found) } as SettingValues;
  const configuration: Configuration = {
    options: {
      ...options,
      ...followWait(options, found, sections),
      unmounted: found.has('unmounted') ? options.unmounted : options.degraded,
    },
    places: placesOf(found),
    arrays: [...sections.values()].map(({ key, at, found: own }) => ({
      ...{ key, at, values: valuesOf(own) as ArraySettings },
      places: placesOf(own),
    })),
  };
  return { configuration, warnings };
}

/** What a file says twice counts where it stands first, as TOML has it. */
function isTwice({ path, value, line }: TomlEntry, seen: Map<string, number>): string | null {
  const id = JSON.stringify([isTable(value), ...path]);
  const before = seen.get(id);
  seen.set(id, before ?? line);
  if (before === undefined) return null;
  return isTable(value)
    ? `this section began in line ${before} already; both parts count`
    : `${shown(path)} is set in line ${before} already; this one is ignored`;
}

/** Null when it was taken, or is to be passed over; else what is wrong with it. */
function take(
  { path, value }: TomlEntry,
  place: string,
  found: Map<SettingName, Found>,
  sections: Map<string, OpenSection>,
): string | null {
  const [name = '', key, ...below] = path;
  if (name !== 'array') return takeSetting(path, value, SETTING_NAMES, place, found);
  if (key === undefined || (below.length === 0 && !isTable(value)))
    return isTable(value) ? null : '"array" must be tables such as [array."UUID or name"]; ignored';
  const id = sectionId(key);
  const section = sections.get(id) ?? { key, at: place, found: new Map() };
  sections.set(id, section);
  return below.length === 0 ? null : takeSetting(below, value, PER_ARRAY, place, section.found, key);
}

function takeSetting(
  path: readonly string[],
  value: unknown,
  names: readonly SettingName[],
  place: string,
  found: Map<SettingName, Found>,
  section?: string,
): string | null {
  const [name = ''] = path;
  const where = section === undefined ? '' : `[array."${escapeForConsole(section)}"]: `;
  if (FORMER_SETTINGS.includes(name)) return `${where}"${name}" no longer has an effect`;
  if (path.length > 1 || !isSettingName(name) || !names.includes(name))
    return `${where}"${shown(path)}" is not a key here; allowed are ${names.join(', ')}${isSettingName(name) && section !== undefined ? ' (what is for all arrays stands before the first section)' : ''}; ignored`;
  if (!isAllowed(name, value))
    return `${where}${name} = ${show(value)} is not allowed (${allowedValues(name)})${quotesHint(name, value)}; ignored`;
  found.set(name, { value, place });
  return null;
}

/** `wait = "30"`: the value is right and the quotes are wrong. */
function quotesHint(name: SettingName, value: unknown): string {
  if (typeof value !== 'string') return '';
  const bare = /^\d{1,9}$/.test(value.trim()) ? Number(value) : { true: true, false: false }[value.trim()];
  return bare !== undefined && isAllowed(name, bare) ? `: without the quotes, ${name} = ${bare}` : '';
}

/** `notice_after` <= `wait` <= `max_wait`. What is set against it is refused; `wait` itself stands. */
function keepLimits(
  found: Map<SettingName, Found>,
  sections: ReadonlyMap<string, OpenSection>,
  warnings: string[],
): void {
  const number = (from: ReadonlyMap<SettingName, Found>, name: SettingName): number | null => {
    const value = from.get(name)?.value;
    return typeof value === 'number' ? value : null;
  };
  const wait = number(found, 'wait') ?? DEFAULTS.wait;
  const waitSaid = `wait = ${wait} (${found.get('wait')?.place ?? 'the default'})`;
  const refuse = (from: Map<SettingName, Found>, name: SettingName, why: string) => {
    warnings.push(`${from.get(name)?.place}: ${name} = ${number(from, name)} ${why}; ignored`);
    from.delete(name);
  };
  if ((number(found, 'max_wait') ?? wait) < wait) refuse(found, 'max_wait', `is shorter than ${waitSaid}`);
  if ((number(found, 'notice_after') ?? 0) > wait)
    refuse(found, 'notice_after', `is longer than ${waitSaid}`);
  const maxWait = number(found, 'max_wait');
  for (const { key, found: own } of sections.values())
    if (maxWait !== null && (number(own, 'wait') ?? 0) > maxWait)
      refuse(
        own,
        'wait',
        `of [array."${escapeForConsole(key)}"] is longer than max_wait = ${maxWait} (${found.get('max_wait')?.place})`,
      );
}

/** The limits that no file sets go with the waits that one does. */
function followWait(
  { wait, notice_after, max_wait }: SettingValues,
  found: ReadonlyMap<SettingName, Found>,
  sections: ReadonlyMap<string, OpenSection>,
): Pick<SettingValues, 'notice_after' | 'max_wait'> {
  const waits = [...sections.values()].map(({ found: own }) => Number(own.get('wait')?.value ?? 0));
  return {
    notice_after: found.has('notice_after') ? notice_after : Math.min(notice_after, wait),
    max_wait: found.has('max_wait') ? max_wait : Math.max(max_wait, wait, ...waits),
  };
}

const valuesOf = (found: ReadonlyMap<SettingName, Found>): Record<string, unknown> =>
  Object.fromEntries([...found].map(([name, { value }]) => [name, value]));

const placesOf = (found: ReadonlyMap<SettingName, Found>): ReadonlyMap<SettingName, string> =>
  new Map([...found].map(([name, { place }]) => [name, place]));

const shown = (path: readonly string[]): string => escapeForConsole(path.join('.'));

/** A value as written; what is not a plain one only by its kind, since it may be anything. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `"${escapeForConsole(value)}"`;
  if (value instanceof Date) return 'a date';
  return typeof value === 'object' ? 'a table' : escapeForConsole(String(value));
}

function sectionId(key: string): string {
  const uuid = parseMdUuid(key);
  return uuid.ok ? uuid.value : key;
}
