import { escapeForConsole } from '../text/escape-console.ts';
import type { BlockGraph } from './block-graph.ts';
import { type BootMount, FROM_MOUNT, type NamedSource } from './boot-mounts.ts';
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
  const mountedIds = idsOfMounted(mount.sources, graph, links);
  for (const { spec, at } of relevantSources(mount.sources)) {
    if (spec.kind === 'memory') continue;
    const found =
      spec.kind === 'elsewhere'
        ? spec.why
        : spec.kind === 'not-understood'
          ? `"${escapeForConsole(spec.text)}" is not understood: it names no block device in any way known here`
          : findSource(spec, graph, links);
    const why = typeof found === 'string' ? found : found.ok ? null : `${found.at}: ${found.why}`;
    if (why !== null) {
      lost.push(`${why} (${at})`);
      warnings.push(`${name}: ${why} (${at})`);
    } else if (typeof found !== 'string' && found.ok) {
      const mounted = found.value.find((id) => mountedIds.includes(id));
      const meant = mounted === undefined ? found.value : [mounted];
      answers.push({ at, ids: meant });
      for (const id of meant) ids.add(id);
      if (found.value.length > 1)
        warnings.push(
          `${name} (${at}): ${formatSourceSpec(spec)} is on ${listNames(found.value, graph)}; ` +
            (mounted === undefined
              ? 'all are followed'
              : `${listNames(meant, graph)} is mounted, and is followed`),
        );
    }
  }
  warnings.push(...differences(name, answers, graph));
  return { name, ids: [...ids], source: sourceOf(mount), lost };
}

/** A copy of a file system, as a clone or a snapshot is, has its UUID too: which of them is meant, is known where it is mounted. */
function idsOfMounted(sources: readonly NamedSource[], graph: BlockGraph, links: Links): readonly string[] {
  const spec = sources.find(({ at }) => at === FROM_MOUNT)?.spec;
  if (
    spec === undefined ||
    spec.kind === 'memory' ||
    spec.kind === 'elsewhere' ||
    spec.kind === 'not-understood'
  )
    return [];
  const found = findSource(spec, graph, links);
  return found.ok ? found.value : [];
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
  const usr = mounts.findIndex(({ name }) => name === '/usr');
  if (roots[usr]?.ids.length === 0 && mounts[usr]?.sources.some(({ spec }) => spec.kind === 'not-understood'))
    return roots[usr]?.lost.map((why) => `/usr: ${why}`).join('; ') ?? null;
  if (root.ids.length > 0 || sources.every(({ spec }) => spec.kind === 'elsewhere' || spec.kind === 'memory'))
    return null;
  return root.lost.map((why) => `/: ${why}`).join('; ');
}
