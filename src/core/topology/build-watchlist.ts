import { levelName } from '../md/levels.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import { failure, ok, type Result } from '../result/result.ts';
import { escapeForConsole } from '../text/escape-console.ts';
import {
  type BootSettings,
  type DegradedPolicy,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../watchlist/watchlist.ts';
import { sortArrays } from '../watchlist/watchlist-file.ts';
import { type ArrayFacts, type ArrayShape, arrayShape } from './array-facts.ts';
import { placeArrays } from './array-layers.ts';
import type { BlockGraph } from './block-graph.ts';
import { dependencyTree } from './dependency-tree.ts';
import type { ByIdNames } from './disk-identity.ts';
import type { TreeRoot } from './find-roots.ts';
import { arraysAmong, reachFrom } from './reach.ts';
import { watchMembers } from './watch-members.ts';

/** How one array shall be treated; looked up by UUID, name or node. */
interface ArrayPolicy {
  readonly waitMs: number;
  readonly degraded: DegradedPolicy;
}

/** All that a watchlist is made of. */
interface WatchlistParts {
  readonly hostName: string;
  readonly settings: BootSettings;
  readonly roots: readonly TreeRoot[];
  readonly graph: BlockGraph;
  /** Facts of every array that a root reaches, by kernel name. */
  readonly arrays: ReadonlyMap<string, ArrayFacts>;
  readonly byIdNames: ByIdNames;
  readonly warnings: readonly string[];
  policyOf(array: { readonly uuid: MdUuid; readonly name: string; readonly devicePath: string }): ArrayPolicy;
}

/** Makes the watchlist. Fails for an array that cannot be told from others: a boot that needs it cannot be watched. */
export function buildWatchlist(parts: WatchlistParts): Result<Watchlist> {
  const { roots, graph } = parts;
  const neededBy = new Map<string, string[]>();
  for (const root of roots)
    for (const device of arraysAmong(reachFrom(root.ids, graph).ids, graph))
      neededBy.set(device, [...(neededBy.get(device) ?? []), root.name]);
  const places = placeArrays([...neededBy.keys()], graph);
  const warnings = [...parts.warnings];
  const listed: WatchedArray[] = [];
  const labels = new Map<string, { label: string; uuid: string }>();
  for (const [device, mounts] of neededBy) {
    const facts = parts.arrays.get(device);
    const shape = facts ? arrayShape(facts) : 'mdadm reports nothing about it';
    if (facts === undefined || typeof shape === 'string')
      return failure(`/dev/${escapeForConsole(device)}`, `${shape}, and ${mounts.join(', ')} needs it`);
    const names = arrayNames(facts);
    const place = places.get(device);
    const members = watchMembers(facts, graph, parts.byIdNames);
    warnings.push(...members.warnings);
    listed.push({
      ...names,
      ...shape,
      layer: place?.layer ?? 0,
      neededBy: mounts,
      standsOn: (place?.standsOn ?? []).flatMap((below) => parts.arrays.get(below)?.detail.uuid ?? []),
      behindPassphrase: place?.behindPassphrase ?? false,
      ...parts.policyOf(names),
      members: members.watched,
    });
    labels.set(device, { label: labelInTree(facts, names.name, shape), uuid: names.uuid });
  }
  const tree = roots.map((root) => dependencyTree(root, graph, labels));
  const { hostName, settings } = parts;
  return ok({ schema: WATCHLIST_SCHEMA, hostName, settings, arrays: sortArrays(listed), tree, warnings });
}

function arrayNames({ device, detail }: ArrayFacts): { uuid: MdUuid; name: string; devicePath: string } {
  const name = (detail.name ?? '').replace(/^[^:]*:/, '');
  const named =
    detail.devName !== null &&
    /^[A-Za-z0-9._-]{1,64}$/.test(detail.devName) &&
    !/^\.\.?$/.test(detail.devName);
  return {
    uuid: detail.uuid,
    name: name === '' ? device : name,
    devicePath: named ? `/dev/md/${detail.devName}` : `/dev/${device}`,
  };
}

function labelInTree(
  { device, detail }: ArrayFacts,
  name: string,
  { level, raidDevices, metadata }: ArrayShape,
): string {
  const kind = detail.level ?? levelName(level);
  const shown = name === device || `md${name}` === device ? device : `${device} "${name}"`;
  return `${shown} ${kind} of ${raidDevices}, metadata ${metadata}`;
}
