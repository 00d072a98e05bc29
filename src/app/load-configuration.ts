import { escapeForConsole } from '../core/text/escape-console.ts';
import type { Files } from '../ports/files.ts';
import {
  type Configuration,
  type ConfigurationFile,
  readConfiguration,
} from './configuration/read-configuration.ts';
import { tomlEntries } from './configuration/toml-entries.ts';

export interface LoadedConfiguration {
  readonly configuration: Configuration;
  /** Each is one line, safe for a console. */
  readonly warnings: readonly string[];
  /** The files that were read, in their order. */
  readonly read: readonly string[];
}

/** More than anybody writes; what is beyond is told. */
const MAX_CHARS = 256 * 1024;

/** The configuration below a folder such as /etc/reliable-raid: config.toml, then config.d/*.toml by name. */
export async function loadConfiguration(files: Files, folder: string): Promise<LoadedConfiguration> {
  const parts = `${folder}/config.d`;
  const names = (await files.list(parts)).filter((name) => name.endsWith('.toml'));
  const paths = [`${folder}/config.toml`, ...names.map((name) => `${parts}/${name}`)];
  const found: ConfigurationFile[] = [];
  const faults: string[] = [];
  if (names.length === 0 && (await isDenied(files, parts)))
    faults.push(`${parts}: could not be read: run it as root; ignored`);
  for (const path of paths) {
    const at = escapeForConsole(path, 200);
    const read = await files.readTextOrReason(path);
    if ('reason' in read) {
      if (read.reason !== 'missing')
        faults.push(
          `${at}: could not be read (${read.detail})${read.reason === 'denied' ? ': run it as root' : ''}; ignored`,
        );
      continue;
    }
    if (read.text.length > MAX_CHARS)
      faults.push(`${at}: has more than ${MAX_CHARS} characters; what is beyond them is ignored`);
    const { entries, faults: wrong } = tomlEntries(read.text.slice(0, MAX_CHARS));
    found.push({ at, entries });
    faults.push(...wrong.map(({ line, why }) => `${at}:${line}: ${why}`));
  }
  const { configuration, warnings } = readConfiguration(found);
  return { configuration, warnings: [...faults, ...warnings], read: found.map(({ at }) => at) };
}

/** A folder that may not be read is not an empty one; its names do not say which it is. */
async function isDenied(files: Files, folder: string): Promise<boolean> {
  const read = await files.readTextOrReason(folder);
  return 'reason' in read && read.reason === 'denied';
}
