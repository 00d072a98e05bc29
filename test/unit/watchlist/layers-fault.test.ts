import { test } from 'tap';
import { layersFault } from '../../../src/core/watchlist/layers-fault.ts';
import { uuidOf } from '../../support/array-facts.ts';

const standing = (n: number, layer: number, ...below: readonly number[]) => ({
  uuid: uuidOf(n),
  layer,
  standsOn: below.map(uuidOf),
});

test('layers: each one above the highest it stands on', async (t) => {
  const cases: readonly [what: string, arrays: Parameters<typeof layersFault>[0], fault: RegExp | null][] = [
    ['none', [], null],
    ['one', [standing(1, 0)], null],
    ['in any order', [standing(2, 1, 1), standing(1, 0)], null],
    ['on two layers', [standing(1, 0), standing(2, 1, 1), standing(3, 2, 1, 2)], null],
    ['twice', [standing(1, 0), standing(1, 0)], /twice/],
    ['on an unlisted one', [standing(1, 1, 9)], /not listed/],
    ['too high', [standing(1, 1)], /layer 1/],
    ['too low', [standing(1, 0), standing(2, 0, 1)], /layer 0/],
    ['on itself', [standing(1, 1, 1)], /loop/],
    ['in a loop of two', [standing(1, 1, 2), standing(2, 2, 1)], /loop/],
  ];
  for (const [what, arrays, fault] of cases) {
    const found = layersFault(arrays);
    if (fault === null) t.equal(found, null, what);
    else t.match(found, fault, what);
  }
});
