import { parse, TomlError } from 'smol-toml';
import type { Configuration } from '../core/configuration/options.ts';
import { type ConfigurationFile, readConfiguration } from '../core/configuration/read-configuration.ts';
import { escapeForConsole } from '../core/text/escape-console.ts';
import type { Files } from '../ports/files.ts';

/** The configuration below a folder such as /etc/reliable-raid: config.toml, then config.d/*.toml by name. */
export async function loadConfiguration(
  files: Files,
  folder: string,
): Promise<{ readonly configuration: Configuration; readonly warnings: readonly string[] }> {
  const names = (await files.list(`${folder}/config.d`)).filter((name) => name.endsWith('.toml'));
  const paths = [`${folder}/config.toml`, ...names.map((name) => `${folder}/config.d/${name}`)];
  const found: ConfigurationFile[] = [];
  const faults: string[] = [];
  for (const path of paths) {
    const read = await files.readTextOrReason(path);
    if ('reason' in read) {
      if (read.reason !== 'missing') faults.push(`${path}: could not be read (${read.detail}); ignored`);
      continue;
    }
    try {
      found.push({ at: path, table: parse(read.text) });
    } catch (error) {
      faults.push(`${path}${placeOf(error)}; the file is ignored`);
    }
  }
  const { configuration, warnings } = readConfiguration(found);
  return { configuration, warnings: [...faults, ...warnings] };
}

function placeOf(error: unknown): string {
  if (!(error instanceof TomlError)) return ': is not TOML';
  const [what = ''] = error.message.split('\n');
  return `:${error.line}: ${escapeForConsole(what, 200)}`;
}
