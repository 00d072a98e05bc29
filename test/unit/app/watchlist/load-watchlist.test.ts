import { test } from 'tap';
import { loadWatchlist } from '../../../../src/app/watchlist/load-watchlist.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

test('a watchlist, or why there is none', async (t) => {
  const path = '/etc/reliable-raid/watchlist.json';
  const good = formatWatchlist(sampleWatchlist(2));
  t.same(await loadWatchlist(new MemoryFiles({ [path]: good }), path), {
    ok: true,
    value: sampleWatchlist(2),
  });
  t.match(await loadWatchlist(new MemoryFiles({ [path]: good.slice(0, -9) }), path), { ok: false, at: path });
  t.match(await loadWatchlist(new MemoryFiles(), path), {
    ok: false,
    at: path,
    why: /^not found; .*reliable-raid resolve/,
  });
  const broken = new MemoryFiles();
  broken.broken.set(path, { reason: 'denied', detail: 'EACCES' });
  t.match(await loadWatchlist(broken, path), { ok: false, why: /root/ });
  broken.broken.set(path, { reason: 'error', detail: 'EIO' });
  t.match(await loadWatchlist(broken, path), { ok: false, why: /EIO/ });
});
