import { test } from 'tap';
import { ageWords } from '../../../src/core/text/age.ts';
import { DAY, NOW } from '../../support/ledger-entries.ts';

test('how long ago', async (t) => {
  t.same(
    [0, 59_999, 60_000, 7_200_000, DAY, 400 * DAY, -DAY].map((age) => ageWords(NOW - age, NOW)),
    ['just now', 'just now', '1 minute ago', '2 hours ago', '1 day ago', '400 days ago', 'in the future'],
  );
});
