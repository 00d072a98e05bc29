import { test } from 'tap';
import { mapInBatches } from '../../../src/app/map-in-batches.ts';

test('results in the order of the items, never more than the width under way', async (t) => {
  for (const [items, width] of [
    [0, 3],
    [2, 3],
    [20, 3],
    [5, 1],
  ] as const) {
    let underWay = 0;
    let most = 0;
    const results = await mapInBatches(
      Array.from({ length: items }, (_, n) => n),
      width,
      async (n) => {
        underWay += 1;
        most = Math.max(most, underWay);
        for (let turns = 0; turns <= (n * 7) % 5; turns++) await null;
        underWay -= 1;
        return n * 2;
      },
    );
    t.same(
      results,
      Array.from({ length: items }, (_, n) => n * 2),
      `${items} by ${width}`,
    );
    t.equal(most, Math.min(items, width), `${items} by ${width}`);
  }
});

test('one that fails makes the whole fail', async (t) => {
  await t.rejects(
    mapInBatches([1, 2, 3], 2, async (n) => (n === 2 ? Promise.reject(new Error('two')) : n)),
    /two/,
  );
});
