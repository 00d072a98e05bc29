import { test } from 'tap';
import { formatArrayLines } from '../../../src/core/image/array-lines.ts';
import { sampleWatchlist } from '../../fuzz/sample-watchlist.ts';

test('a line for each array, the lowest layer first, and whether it is behind a passphrase', async (t) => {
  const watchlist = sampleWatchlist(2);
  const [lower, upper] = watchlist.arrays;
  const lines = `${lower?.uuid} before\n${upper?.uuid} after\n`;
  t.equal(formatArrayLines(watchlist), lines);
  t.equal(formatArrayLines({ ...watchlist, arrays: watchlist.arrays.toReversed() }), lines);
  t.equal(formatArrayLines({ ...watchlist, arrays: [] }), '');
});
