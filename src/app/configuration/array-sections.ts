import { isCalled, type NamedArray, uuidInKey } from '../../core/configuration/array-names.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { ArraySection, Configuration } from './read-configuration.ts';
import type { ArraySettings, PER_ARRAY, SettingValues } from './settings.ts';

/** An array of this machine, by all that it is called. */
export type KnownArray = NamedArray;

/** A section and the arrays that it names. */
export interface MatchedSection extends ArraySection {
  readonly arrays: readonly KnownArray[];
}

/** Links such as /dev/disk/by-id/md-name-box:root, as kernel names. */
export type DeviceLinks = ReadonlyMap<string, string>;

const MAX_NAMED = 4;

/** Which arrays each section means: by UUID in any writing, or by any name that the kernel, mdadm, udev or we show for one. */
export function matchSections(
  sections: readonly ArraySection[],
  arrays: readonly KnownArray[],
  links: DeviceLinks = new Map(),
): { readonly matched: readonly MatchedSection[]; readonly warnings: readonly string[] } {
  const warnings: string[] = [];
  const matched = sections.map((section): MatchedSection => {
    const found = arrays.filter((array) => isMeant(section.key.trim(), array, links));
    const said = `${section.at}: [array."${escapeForConsole(section.key)}"]`;
    if (found.length === 0)
      warnings.push(`${said} is no array of this machine, and has no effect${known(arrays)}`);
    if (found.length > 1)
      warnings.push(
        `${said} is the name of ${found.length} arrays, and counts for all of them: ${list(found)}; name one by its UUID`,
      );
    return { ...section, arrays: found };
  });
  return { matched, warnings };
}

/** What applies to one array: its own sections, that by its UUID last, over the general values. */
export function settingsOfArray(
  { options }: Pick<Configuration, 'options'>,
  sections: readonly MatchedSection[],
  uuid: MdUuid,
): Pick<SettingValues, (typeof PER_ARRAY)[number]> {
  const own = sections.filter(({ arrays }) => arrays.some((array) => array.uuid === uuid));
  const byUuid = own.filter(({ key }) => uuidInKey(key.trim()) !== null);
  const values: ArraySettings = Object.assign({}, ...[...own, ...byUuid].map((section) => section.values));
  return { wait: values.wait ?? options.wait, degraded: values.degraded ?? options.degraded };
}

/** `md0 "box:root" 11111111:22222222:33333333:44444444`; safe for a console. */
export const arrayWords = ({ device, name, uuid }: KnownArray): string =>
  [device, name === null || name === '' ? null : `"${name}"`, uuid]
    .filter((word) => word !== null)
    .map((word) => escapeForConsole(word))
    .join(' ');

const isMeant = (key: string, array: KnownArray, links: DeviceLinks): boolean =>
  isCalled(key, array) || (uuidInKey(key) === null && links.get(key) === array.device);

const known = (arrays: readonly KnownArray[]): string =>
  arrays.length === 0 ? '' : `; there are ${list(arrays)}`;

function list(arrays: readonly KnownArray[]): string {
  const more = arrays.length > MAX_NAMED ? ` and ${arrays.length - MAX_NAMED} more` : '';
  return `${arrays.slice(0, MAX_NAMED).map(arrayWords).join(', ')}${more}`;
}
