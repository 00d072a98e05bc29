import { test } from 'tap';
import { levelName } from '../../../src/core/md/levels.ts';

test("md's words for its levels", async (t) => {
  t.equal(levelName(-1), 'linear');
  t.equal(levelName(10), 'raid10');
  t.equal(levelName(7), 'raid7', 'one that md does not have');
});
