import type { BlockGraph } from './block-graph.ts';

/** What a walk down from some nodes met. */
export interface Reach {
  /** Ids met, in the order of a walk from above. */
  readonly ids: ReadonlySet<string>;
  /** Edges that lead back up the way they came from: the machine's tools contradict themselves. */
  readonly loops: readonly { readonly from: string; readonly to: string }[];
  /** Ids that something stands on and that no tool knows. */
  readonly unknown: readonly string[];
}

/** Everything below the given nodes, themselves included. Ends on any graph, and needs no deep call stack. */
export function reachFrom(starts: readonly string[], graph: BlockGraph): Reach {
  const ids = new Set<string>();
  const onPath = new Set<string>();
  const loops: { from: string; to: string }[] = [];
  const unknown = new Set<string>();
  const stack: { id: string; next: number }[] = [];
  const enter = (id: string) => {
    if (!graph.has(id)) unknown.add(id);
    ids.add(id);
    onPath.add(id);
    stack.push({ id, next: 0 });
  };
  for (const start of starts) {
    if (!ids.has(start)) enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const below = graph.get(top.id)?.standsOn[top.next];
      top.next += 1;
      if (below === undefined) {
        onPath.delete(top.id);
        stack.pop();
      } else if (onPath.has(below)) loops.push({ from: top.id, to: below });
      else if (!ids.has(below)) enter(below);
    }
  }
  return { ids, loops, unknown: [...unknown] };
}

/** The md arrays among some nodes, as they were met. */
export const arraysAmong = (ids: Iterable<string>, graph: BlockGraph): readonly string[] =>
  [...ids].filter((id) => graph.get(id)?.kind === 'md');
