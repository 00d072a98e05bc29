import { test } from 'tap';
import { listInImage } from '../../../src/core/explain/list-in-image.ts';
import { IMAGE, listOf, uuidOf, watchedArray } from '../../support/ledger-entries.ts';

test('of a listed array the image knows what was seen when it was built', async (t) => {
  const now = watchedArray([
    [0, 70, true],
    [2, 70, true],
  ]);
  const [array] = listInImage(listOf(now), listOf(IMAGE)).arrays;
  t.same(array, { ...now, members: IMAGE.members });
});

test('an array that the image has not stays as it is', async (t) => {
  const other = { ...IMAGE, uuid: uuidOf(7), members: [] };
  t.same(listInImage(listOf(IMAGE), listOf(other)).arrays, [IMAGE]);
  t.same(listInImage(listOf(IMAGE), listOf({ ...IMAGE, members: [] })).arrays[0]?.members, []);
});
