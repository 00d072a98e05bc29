import type { DependencyNode } from '../../watchlist/watchlist.ts';

/** One thing of the dependency trees, wherever it appears in them. */
export interface MergedNode {
  readonly kind: string;
  readonly label: string;
  readonly uuid: string | null;
  /** Indexes of the nodes below. */
  readonly below: readonly number[];
}

/** The trees as one graph: what appears in several places becomes one node. */
export function mergeTrees(trees: readonly DependencyNode[]): readonly MergedNode[] {
  const nodes: { kind: string; label: string; uuid: string | null; below: Set<number> }[] = [];
  const indexes = new Map<string, number>();
  const visit = ({ kind, label, uuid, children }: DependencyNode): number => {
    const key = JSON.stringify([kind, label, uuid]);
    const index = indexes.get(key) ?? nodes.push({ kind, label, uuid, below: new Set() }) - 1;
    indexes.set(key, index);
    for (const child of children) nodes[index]?.below.add(visit(child));
    return index;
  };
  for (const tree of trees) visit(tree);
  return nodes.map(({ below, ...node }) => ({ ...node, below: [...below] }));
}

/** The UUID that a person has use for in a picture: those of logical volumes are long and known to nobody. */
export const shownUuid = ({ uuid }: Pick<MergedNode, 'uuid'>): string | null =>
  uuid?.startsWith('LVM-') ? null : uuid;
