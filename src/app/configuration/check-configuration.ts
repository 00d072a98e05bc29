import { loadConfiguration } from '../load-configuration.ts';
import type { Machine } from '../machine.ts';
import { etcFolder } from '../own-places.ts';
import { type MatchedSection, matchSections } from './array-sections.ts';
import { readKnownArrays, readSectionLinks } from './known-arrays.ts';
import type { Configuration } from './read-configuration.ts';

export interface ConfigurationFindings {
  readonly configuration: Configuration;
  readonly sections: readonly MatchedSection[];
  readonly read: readonly string[];
  /** Each is one line, safe for a console. */
  readonly warnings: readonly string[];
}

/** `reliable-raid config`: what the files of this system say, and what is wrong with them. Changes nothing. */
export async function checkConfiguration(
  machine: Pick<Machine, 'files' | 'paths'>,
): Promise<ConfigurationFindings> {
  const { configuration, warnings, read } = await loadConfiguration(machine.files, etcFolder(machine.paths));
  const { arrays } = configuration;
  const links = await readSectionLinks(machine, arrays);
  const known = arrays.length === 0 ? [] : await readKnownArrays(machine);
  const { matched, warnings: unmatched } = matchSections(arrays, known, links);
  return { configuration, sections: matched, read, warnings: [...warnings, ...unmatched] };
}
