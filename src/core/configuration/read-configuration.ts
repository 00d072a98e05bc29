import { parseMdUuid } from '../md/md-uuid.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import {
  type ArrayOptions,
  allowedValues,
  type Configuration,
  FORMER_OPTIONS,
  OPTIONS,
  type Option,
  type OptionName,
  type OptionValues,
  PER_ARRAY,
} from './options.ts';

/** One configuration file, its TOML already parsed. */
export interface ConfigurationFile {
  readonly at: string;
  readonly table: Readonly<Record<string, unknown>>;
}

const NAMES = Object.keys(OPTIONS) as OptionName[];

/** Defaults, overridden by each file in turn. A bad key or value costs only itself: it is named and the one before it stays. */
export function readConfiguration(files: readonly ConfigurationFile[]): {
  readonly configuration: Configuration;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const options: Record<string, unknown> = Object.fromEntries(
    NAMES.map((name) => [name, OPTIONS[name].preset]),
  );
  const arrays = new Map<string, ArrayOptions>();
  for (const { at, table } of files) {
    const { array, ...plain } = table;
    Object.assign(options, readKeys(plain, NAMES, at, warnings));
    if (array === undefined) continue;
    if (!isTable(array))
      warnings.push(`${at}: "array" must be tables such as [array."UUID or name"]; ignored`);
    else
      for (const [key, value] of Object.entries(array)) {
        const place = `${at}: [array."${escapeForConsole(key)}"]`;
        if (!isTable(value)) warnings.push(`${place} must be a table; ignored`);
        else
          arrays.set(arrayKey(key), {
            ...arrays.get(arrayKey(key)),
            ...readKeys(value, PER_ARRAY, place, warnings),
          });
      }
  }
  return { configuration: { options: options as OptionValues, arrays }, warnings };
}

/** What applies to one array: its own section by UUID, node or name, else the general values. */
export function optionsOfArray(
  { options, arrays }: Configuration,
  array: { readonly uuid: string; readonly name: string; readonly devicePath: string },
): Pick<OptionValues, (typeof PER_ARRAY)[number]> {
  const own = { ...arrays.get(array.name), ...arrays.get(array.devicePath), ...arrays.get(array.uuid) };
  return { wait: own.wait ?? options.wait, degraded: own.degraded ?? options.degraded };
}

function readKeys(
  table: Readonly<Record<string, unknown>>,
  names: readonly OptionName[],
  at: string,
  warnings: string[],
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(table)) {
    const name = names.find((candidate) => candidate === key);
    if (name === undefined) {
      warnings.push(
        FORMER_OPTIONS.includes(key)
          ? `${at}: "${key}" no longer has an effect`
          : `${at}: "${escapeForConsole(key)}" is not a key here; allowed are ${names.join(', ')}; ignored`,
      );
      continue;
    }
    const option = OPTIONS[name];
    if (isAllowed(value, option)) values[name] = typeof value === 'bigint' ? Number(value) : value;
    else warnings.push(`${at}: ${name} = ${show(value)} is not allowed (${allowedValues(option)}); ignored`);
  }
  return values;
}

function isAllowed(value: unknown, option: Option): boolean {
  if (option.kind === 'switch') return typeof value === 'boolean';
  if (option.kind === 'choice') return option.choices.some((word) => word === value);
  const number = typeof value === 'bigint' ? Number(value) : value;
  return (
    typeof number === 'number' && Number.isSafeInteger(number) && number >= option.min && number <= option.max
  );
}

/** A value as written; what is not a plain one only by its kind, since it may be anything. */
function show(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' || typeof value === 'function'
    ? 'a table'
    : escapeForConsole(String(value));
}

function arrayKey(key: string): string {
  const uuid = parseMdUuid(key);
  return uuid.ok ? uuid.value : key;
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
