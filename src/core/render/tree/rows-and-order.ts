import type { MergedNode } from './merge-tree.ts';

/** A node's place: row from above, and place within the row. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Odd: the last one goes down, so that nodes with nothing below stay beside their like. */
const SWEEPS = 9;

/** Rows by the longest way from above, columns so that neighbours in the next rows are near. Ends on any graph. */
export function layeredLayout(nodes: readonly MergedNode[]): readonly Place[] {
  const rows = longestWays(nodes);
  const above: number[][] = nodes.map(() => []);
  for (const [index, { below }] of nodes.entries()) for (const target of below) above[target]?.push(index);
  const order: number[][] = [];
  for (const [index, row] of rows.entries()) {
    order[row] ??= [];
    order[row].push(index);
  }
  const column = new Map<number, number>();
  const number = (row: readonly number[]) => {
    for (const [place, index] of row.entries()) column.set(index, place - (row.length - 1) / 2);
  };
  order.forEach(number);
  const centre = (index: number, neighbours: readonly number[]): number => {
    const places = neighbours.map((neighbour) => column.get(neighbour) ?? 0);
    if (places.length === 0) return column.get(index) ?? 0;
    return places.reduce((sum, place) => sum + place, 0) / places.length;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const downwards = sweep % 2 === 0;
    for (const row of downwards ? order : [...order].reverse()) {
      const wanted = new Map(
        row.map((index) => [index, centre(index, (downwards ? above[index] : nodes[index]?.below) ?? [])]),
      );
      row.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      number(row);
    }
  }
  return nodes.map((_, index) => ({ row: rows[index] ?? 0, column: column.get(index) ?? 0 }));
}

/** Row of each node: one below the lowest that leads to it. A graph with a loop, as a hostile file may hold, is cut off. */
function longestWays(nodes: readonly MergedNode[]): number[] {
  const rows = nodes.map(() => 0);
  for (let round = 0, changed = true; changed && round < Math.min(nodes.length, 64); round += 1) {
    changed = false;
    for (const [index, { below }] of nodes.entries())
      for (const target of below)
        if ((rows[target] ?? 0) <= (rows[index] ?? 0)) {
          rows[target] = (rows[index] ?? 0) + 1;
          changed = true;
        }
  }
  const used = [...new Set(rows)].sort((a, b) => a - b);
  return rows.map((row) => used.indexOf(row));
}
