import type { CrypttabEntry } from '../parse/crypttab.ts';
import type { DependencyNode, Unlock } from './watchlist.ts';

/** The mappings that root or another mount of the list stands on, by their names. */
export function mappingsBelow(tree: readonly DependencyNode[]): ReadonlySet<string> {
  const names = new Set<string>();
  const left = [...tree];
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (node.kind === 'crypt') names.add(node.label);
    left.push(...node.children);
  }
  return names;
}

export const MAX_HOW = 4096;

/** How crypttab has the mappings of the list opened: an image gets a copy of these lines when it is built. */
export function unlocksOf(
  tree: readonly DependencyNode[],
  crypttab: readonly CrypttabEntry[],
): readonly Unlock[] {
  return [...mappingsBelow(tree)].sort().map((mapping) => {
    const entry = crypttab.find(({ target }) => target === mapping);
    const fields = entry === undefined ? [] : [entry.source, entry.keyFile, entry.options.join()];
    return { mapping, how: fields.join(' ').slice(0, MAX_HOW) };
  });
}
