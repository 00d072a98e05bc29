import { test } from 'tap';
import { isExternal } from '../../../src/core/watchlist/watchlist.ts';

test('which arrays are volumes in a container', async (t) => {
  for (const metadata of ['imsm', 'ddf'] as const) t.equal(isExternal({ metadata }), true, metadata);
  for (const metadata of ['0.90', '1.0', '1.1', '1.2'] as const)
    t.equal(isExternal({ metadata }), false, metadata);
});
