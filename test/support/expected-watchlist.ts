// What a script has set up, compared with what was resolved.
import type { Watchlist } from '../../src/core/watchlist/watchlist.ts';

/** One array as made by the script; names are kernel names there. */
export interface ExpectedArray {
  readonly level: number;
  readonly metadata: string;
  readonly layer: number;
  readonly standsOn?: readonly string[];
  readonly behindPassphrase?: boolean;
  readonly neededBy: readonly string[];
  /** In the order of the watchlist: by role, then journal, spare, faulty. */
  readonly roles: readonly (number | string)[];
  /** Roles that are not in sync; none where not said. */
  readonly outOfSync?: readonly (number | string)[];
}

export interface Expectation {
  readonly arrays: Readonly<Record<string, ExpectedArray>>;
  /** Kinds of nodes that the tree must hold. */
  readonly kinds?: readonly string[];
  /** Labels of nodes that the tree must hold. */
  readonly labels?: readonly string[];
  /** Each must be found in one of the warnings; without it there must be none. */
  readonly warnings?: readonly string[];
}

/** Both sides in one form, for a deep comparison. `uuids` are mdadm's own words on the arrays of the script. */
export function compare(
  watchlist: Watchlist,
  expectation: Expectation,
  uuids: ReadonlyMap<string, string>,
): { readonly found: unknown; readonly wanted: unknown } {
  const nameOf = (uuid: string): string => [...uuids].find(([, known]) => known === uuid)?.[0] ?? uuid;
  const found = watchlist.arrays.map((array) => [
    nameOf(array.uuid),
    {
      level: array.level,
      metadata: array.metadata,
      layer: array.layer,
      standsOn: array.standsOn.map(nameOf).sort(),
      behindPassphrase: array.behindPassphrase,
      neededBy: array.neededBy,
      roles: array.members.map(({ role }) => role),
      outOfSync: array.members.filter(({ ledger }) => !ledger.inSync).map(({ role }) => role),
    },
  ]);
  const wanted = Object.entries(expectation.arrays).map(([name, array]) => [
    name,
    { standsOn: [], behindPassphrase: false, outOfSync: [], ...array },
  ]);
  const warnings = expectation.warnings ?? [];
  const kinds = wordsOf(watchlist, 'kind');
  const labels = wordsOf(watchlist, 'label');
  return {
    found: {
      arrays: Object.fromEntries(found),
      missingLabels: (expectation.labels ?? []).filter((label) => !labels.has(label)),
      missingKinds: (expectation.kinds ?? []).filter((kind) => !kinds.has(kind)),
      unexpectedWarnings: watchlist.warnings.filter((text) => !warnings.some((part) => text.includes(part))),
      missingWarnings: warnings.filter((part) => !watchlist.warnings.some((text) => text.includes(part))),
    },
    wanted: {
      arrays: Object.fromEntries(wanted),
      missingLabels: [],
      missingKinds: [],
      unexpectedWarnings: [],
      missingWarnings: [],
    },
  };
}

function wordsOf({ tree }: Watchlist, field: 'kind' | 'label'): ReadonlySet<string> {
  const words = new Set<string>();
  const left = [...tree];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    words.add(node[field]);
    left.push(...node.children);
  }
  return words;
}

/** MD_UUID of every array by its kernel name, from the recorded output of mdadm. */
export function recordedUuids(files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(files).flatMap(([name, text]) => {
      const array = /^mdadm-(.*)\.txt$/.exec(name)?.[1];
      const uuid = /^MD_UUID=(.*)$/m.exec(text)?.[1];
      return array === undefined || uuid === undefined ? [] : [[array, uuid] as const];
    }),
  );
}
