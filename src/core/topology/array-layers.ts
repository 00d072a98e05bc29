import type { BlockGraph } from './block-graph.ts';

/** How an array stands among the others. */
interface ArrayPlace {
  readonly layer: number;
  /** Kernel names of the arrays directly below: through LUKS, LVM and partitions, but not through another array. */
  readonly standsOn: readonly string[];
  readonly behindPassphrase: boolean;
}

/** Places of the given arrays in a graph without loops among them; an edge that would close a loop is left out. */
export function placeArrays(arrays: readonly string[], graph: BlockGraph): ReadonlyMap<string, ArrayPlace> {
  const places = new Map<string, ArrayPlace>();
  const inProgress = new Set<string>();
  const place = (array: string): ArrayPlace | null => {
    const known = places.get(array);
    if (known || inProgress.has(array)) return known ?? null;
    inProgress.add(array);
    const direct = directlyBelow(array, graph);
    const below = direct.arrays.flatMap((id) => {
      const placed = place(id);
      return placed === null ? [] : [{ id, placed }];
    });
    inProgress.delete(array);
    const placed: ArrayPlace = {
      layer: below.reduce((layer, { placed }) => Math.max(layer, placed.layer + 1), 0),
      standsOn: below.map(({ id }) => id),
      behindPassphrase: direct.crypt || below.some(({ placed }) => placed.behindPassphrase),
    };
    places.set(array, placed);
    return placed;
  };
  for (const array of arrays) place(array);
  return places;
}

function directlyBelow(array: string, graph: BlockGraph): { arrays: string[]; crypt: boolean } {
  const arrays: string[] = [];
  let crypt = false;
  const seen = new Set([array]);
  const left = [...(graph.get(array)?.standsOn ?? [])];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const node = graph.get(id);
    if (node?.kind === 'md') arrays.push(id);
    else {
      if (node?.kind === 'crypt') crypt = true;
      left.push(...(node?.standsOn ?? []));
    }
  }
  return { arrays, crypt };
}
