import { escapeForConsole } from '../text/escape-console.ts';
import type { BlockGraph } from './block-graph.ts';
import type { BootMount, NamedSource } from './boot-mounts.ts';
import { findSource, type Links } from './find-source.ts';
import { reachFrom } from './reach.ts';
import { formatSourceSpec } from './source-spec.ts';

/** Where a boot mount meets the block devices. */
export interface TreeRoot {
  readonly name: string;
  /** Ids in the block graph; empty when nothing of it could be followed. */
  readonly ids: readonly string[];
  /** Its source as fstab has it. */
  readonly source: string;
  /** What could not be followed, for the tree. */
  readonly lost: readonly string[];
}

export interface FoundRoots {
  readonly roots: readonly TreeRoot[];
  readonly warnings: readonly string[];
  /** Why `/` could not be found at all; null when it was, or is knowingly on no block device. */
  readonly rootFault: string | null;
}

/** Follows every source of every boot mount to block devices, and warns where they differ or lead nowhere. */
export function findRoots(mounts: readonly BootMount[], graph: BlockGraph, links: Links): FoundRoots {
  const warnings: string[] = [];
  const inMounts = mounts.filter(({ opens }) => opens === null);
  const roots = inMounts.map((mount) => findRoot(mount, graph, links, warnings));
  const fault = rootFault(inMounts, roots);
  const opened = namesOfMappings(roots, graph);
  for (const mount of mounts)
    if (mount.opens !== null && !opened.has(mount.opens)) roots.push(findRoot(mount, graph, links, warnings));
  return {
    roots,
    warnings: fault === null ? warnings : warnings.filter((text) => text !== fault),
    rootFault: fault,
  };
}

/** Mappings that a mount stands on anyway. */
function namesOfMappings(roots: readonly TreeRoot[], graph: BlockGraph): ReadonlySet<string> {
  const { ids } = reachFrom(
    roots.flatMap((root) => root.ids),
    graph,
  );
  return new Set(
    [...ids].flatMap((id) => (graph.get(id)?.kind === 'crypt' ? (graph.get(id)?.name ?? []) : [])),
  );
}

function findRoot(mount: BootMount, graph: BlockGraph, links: Links, warnings: string[]): TreeRoot {
  const name = escapeForConsole(mount.name, 256);
  const ids = new Set<string>();
  const lost: string[] = [];
  const answers: { at: string; ids: readonly string[] }[] = [];
  for (const { spec, at } of relevantSources(mount.sources)) {
    if (spec.kind === 'memory') continue;
    const found = spec.kind === 'elsewhere' ? spec.why : findSource(spec, graph, links);
    const why = typeof found === 'string' ? found : found.ok ? null : `${found.at}: ${found.why}`;
    if (why !== null) {
      lost.push(`${why} (${at})`);
      warnings.push(`${name}: ${why} (${at})`);
    } else if (typeof found !== 'string' && found.ok) {
      answers.push({ at, ids: found.value });
      for (const id of found.value) ids.add(id);
      if (found.value.length > 1)
        warnings.push(
          `${name} (${at}): ${formatSourceSpec(spec)} is on ${listNames(found.value, graph)}; all are followed`,
        );
    }
  }
  warnings.push(...differences(name, answers, graph));
  return { name, ids: [...ids], source: sourceOf(mount), lost };
}

/** What is mounted counts where it is on a block device; an overlay above what fstab names adds nothing. */
function relevantSources(sources: readonly NamedSource[]): readonly NamedSource[] {
  const onBlocks = sources.filter(({ spec }) => spec.kind !== 'elsewhere');
  return onBlocks.length > 0 ? onBlocks : sources.slice(0, 1);
}

function differences(
  name: string,
  answers: readonly { at: string; ids: readonly string[] }[],
  graph: BlockGraph,
): string[] {
  const [first, ...others] = answers;
  if (first === undefined) return [];
  return others
    .filter(({ ids }) => !ids.some((id) => first.ids.includes(id)))
    .map(
      ({ at, ids }) =>
        `${name}: ${first.at} says ${listNames(first.ids, graph)}, but ${at} says ${listNames(ids, graph)}; both are followed`,
    );
}

const listNames = (ids: readonly string[], graph: BlockGraph): string =>
  ids.map((id) => escapeForConsole(graph.get(id)?.name ?? id)).join(' and ');

const sourceOf = ({ sources: [first] }: BootMount): string => (first ? formatSourceSpec(first.spec) : '');

function rootFault(mounts: readonly BootMount[], roots: readonly TreeRoot[]): string | null {
  const index = mounts.findIndex(({ name }) => name === '/');
  const root = roots[index];
  const sources = mounts[index]?.sources ?? [];
  if (root === undefined || sources.length === 0)
    return '/: neither fstab, the kernel command line nor a mounted device says where it is';
  if (root.ids.length > 0 || sources.every(({ spec }) => spec.kind === 'elsewhere' || spec.kind === 'memory'))
    return null;
  return root.lost.map((why) => `/: ${why}`).join('; ');
}
