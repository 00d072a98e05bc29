import fc from 'fast-check';
import { test } from 'tap';
import { spreadRows } from '../../../../src/core/render/tree/box-positions.ts';

const boxes = fc.record({
  rows: fc.array(fc.nat(4), { minLength: 1, maxLength: 20 }),
  widths: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 20, maxLength: 20 }),
  edges: fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 30 }),
});

test('boxes of a row keep their order and their distance, and the first begins at 0', async () => {
  fc.assert(
    fc.property(boxes, ({ rows, widths, edges }) => {
      const nodes = rows.map((_, n) => ({
        kind: 'md',
        label: '',
        uuid: null,
        below: edges.filter(([from, to]) => from === n && to < rows.length).map(([, to]) => to),
      }));
      const used = [...new Set(rows)].sort((a, b) => a - b);
      const places = rows.map((row, n) => ({ row: used.indexOf(row), column: n }));
      const lefts = spreadRows(nodes, places, widths);
      if (Math.abs(Math.min(...lefts)) > 1e-6) throw new Error(`begins at ${Math.min(...lefts)}`);
      for (const row of used) {
        const inRow = rows.flatMap((each, n) => (each === row ? [n] : []));
        for (const [at, n] of inRow.slice(1).entries()) {
          const before = inRow[at] ?? 0;
          const gap = (lefts[n] ?? 0) - (lefts[before] ?? 0) - (widths[before] ?? 0);
          if (gap < 20) throw new Error(`boxes ${before} and ${n} are ${gap} apart`);
        }
      }
    }),
  );
});

test('a box stands over the one it is joined to', async (t) => {
  const nodes = [
    { kind: 'md', label: '', uuid: null, below: [2] },
    { kind: 'md', label: '', uuid: null, below: [] },
    { kind: 'md', label: '', uuid: null, below: [] },
  ];
  const places = [
    { row: 0, column: 0 },
    { row: 0, column: 1 },
    { row: 1, column: 0 },
  ];
  const [above = 0, , below = 0] = spreadRows(nodes, places, [100, 100, 100]);
  t.ok(Math.abs(above - below) < 1, `${above} over ${below}`);
});
