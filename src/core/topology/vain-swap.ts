import { type CrypttabEntry, hasRandomKey } from '../parse/crypttab.ts';
import type { BlockGraph } from './block-graph.ts';
import type { BootMount, NamedSource } from './boot-mounts.ts';
import { findSource, type Links } from './find-source.ts';
import { reachFrom } from './reach.ts';

/** The boot mounts without a swap to resume from that a key made anew at each boot covers: no memory image is ever found there. */
export function withoutVainSwap(
  mounts: readonly BootMount[],
  crypttab: readonly CrypttabEntry[],
  graph: BlockGraph,
  links: Links,
): readonly BootMount[] {
  const keyedAnew = new Set(crypttab.filter(hasRandomKey).map(({ target }) => target));
  if (keyedAnew.size === 0) return mounts;
  const isVain = ({ spec }: NamedSource): boolean => {
    if (spec.kind !== 'tag' && spec.kind !== 'path' && spec.kind !== 'number') return false;
    const found = findSource(spec, graph, links);
    const { ids } = reachFrom(found.ok ? found.value : [], graph);
    return [...ids].some((id) => {
      const node = graph.get(id);
      return node?.kind === 'crypt' && keyedAnew.has(node.name);
    });
  };
  return mounts.flatMap((mount) => {
    if (mount.name !== 'resume') return [mount];
    const sources = mount.sources.filter((source) => !isVain(source));
    return sources.length === 0 ? [] : [{ ...mount, sources }];
  });
}
