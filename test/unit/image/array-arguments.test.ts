import { test } from 'tap';
import { formatArrayArguments } from '../../../src/core/image/array-arguments.ts';
import { sampleWatchlist } from '../../fuzz/sample-watchlist.ts';

test('one argument for each array, the lowest layer first; a volume by the UUID of its container', async (t) => {
  const { arrays } = sampleWatchlist(2);
  const [lower, upper] = arrays.map((array) => ({ ...array, container: null }));
  if (lower === undefined || upper === undefined) throw new Error('two arrays were asked for');
  const both = `rd.md.uuid=${lower.uuid}\nrd.md.uuid=${upper.uuid}\n`;
  t.equal(formatArrayArguments({ arrays: [upper, lower] }), both);
  const volumes = [lower, upper].map((array) => ({ ...array, container: lower.uuid }));
  t.equal(formatArrayArguments({ arrays: volumes }), `rd.md.uuid=${lower.uuid}\n`);
  t.equal(formatArrayArguments({ arrays: [] }), '');
});
