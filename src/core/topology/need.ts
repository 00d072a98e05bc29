import type { BlockGraph } from './block-graph.ts';

/** What must be there before a block device is: all of it. Arrays are where it ends, since they have needs of their own. */
export interface Need {
  /** Kernel names of devices that stand on nothing. */
  readonly disks: ReadonlySet<string>;
  /** Kernel names of the arrays met first on each way down. */
  readonly arrays: ReadonlySet<string>;
  /** A passphrase, or another secret, opens something on the way. */
  readonly passphrase: boolean;
}

/** What the given nodes of the graph need, themselves included; ends on any graph. */
export function needOf(ids: readonly string[], graph: BlockGraph): Need {
  const disks = new Set<string>();
  const arrays = new Set<string>();
  let passphrase = false;
  const seen = new Set<string>();
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = graph.get(id);
    if (node?.kind === 'md') arrays.add(id);
    else if (node === undefined || node.standsOn.length === 0) disks.add(id);
    else left.push(...node.standsOn);
    if (node?.kind === 'crypt') passphrase = true;
  }
  return { disks, arrays, passphrase };
}

/** What an array stands on, as md sees it: of these only as many as its level needs. */
export const needOfMembers = (array: string, graph: BlockGraph): Need =>
  needOf(graph.get(array)?.standsOn ?? [], graph);
