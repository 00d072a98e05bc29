import type { MergedNode } from './merge-tree.ts';
import type { Place } from './rows-and-order.ts';

const GAP = 24;
const ROUNDS = 24;

/** Left edges of boxes that keep the order of their rows, do not overlap, and are near what they are joined to. */
export function spreadRows(
  nodes: readonly MergedNode[],
  places: readonly Place[],
  widths: readonly number[],
): readonly number[] {
  const neighbours: number[][] = nodes.map(({ below }) => [...below]);
  for (const [index, { below }] of nodes.entries())
    for (const target of below) neighbours[target]?.push(index);
  const rows: number[][] = [];
  for (const [index, { row }] of places.entries()) {
    rows[row] ??= [];
    rows[row].push(index);
  }
  const centre: number[] = nodes.map(() => 0);
  const width = (index: number): number => widths[index] ?? 0;
  const place = (row: readonly number[], wanted: readonly number[]) => {
    const lefts = keepApart(
      row.map((index, at) => (wanted[at] ?? 0) - width(index) / 2),
      row.map((index) => width(index) + GAP),
    );
    for (const [at, index] of row.entries()) centre[index] = (lefts[at] ?? 0) + width(index) / 2;
  };
  for (const row of rows) {
    row.sort((a, b) => (places[a]?.column ?? 0) - (places[b]?.column ?? 0));
    place(
      row,
      row.map(() => 0),
    );
  }
  for (let round = 0; round < ROUNDS; round += 1)
    for (const row of round % 2 === 0 ? rows : [...rows].reverse())
      place(
        row,
        row.map((index) =>
          mean(
            (neighbours[index] ?? []).map((at) => centre[at] ?? 0),
            centre[index] ?? 0,
          ),
        ),
      );
  const lefts = centre.map((at, index) => at - width(index) / 2);
  const least = lefts.reduce((smallest, at) => Math.min(smallest, at), Number.POSITIVE_INFINITY);
  return lefts.map((at) => at - least);
}

/**
 * The places nearest to the wanted ones (least squares) at which boxes of these widths keep their order: boxes that would
 * overlap form a block, which stands where its boxes would like it on average.
 */
function keepApart(wanted: readonly number[], widths: readonly number[]): number[] {
  const blocks: { sum: number; count: number }[] = [];
  let offset = 0;
  const offsets = widths.map((width) => {
    const before = offset;
    offset += width;
    return before;
  });
  for (const [index, want] of wanted.entries()) {
    let block = { sum: want - (offsets[index] ?? 0), count: 1 };
    for (
      let last = blocks.at(-1);
      last && last.sum / last.count >= block.sum / block.count;
      last = blocks.at(-1)
    ) {
      blocks.pop();
      block = { sum: last.sum + block.sum, count: last.count + block.count };
    }
    blocks.push(block);
  }
  const starts = blocks.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
  return starts.map((start, index) => start + (offsets[index] ?? 0));
}

const mean = (values: readonly number[], otherwise: number): number =>
  values.length === 0 ? otherwise : values.reduce((sum, value) => sum + value, 0) / values.length;
