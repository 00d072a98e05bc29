import { existsSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeRoom } from '../boot/guest/cache.ts';

t.test('cache: where the disk is short, what nobody uses goes, that of a package first', async (t) => {
  const root = t.testdir({
    'guest-mirror': { old: { disk: 'x'.repeat(100_000) }, used: { disk: 'x' } },
    'guest-mirror-product': { old: { disk: 'x'.repeat(100_000) } },
    // found when the cache was listed, gone when it is looked at
    'guest-stripes': { gone: t.fixture('symlink', 'elsewhere') },
  });
  const before = process.env['RELIABLE_RAID_CACHE'];
  process.env['RELIABLE_RAID_CACHE'] = root;
  t.teardown(() => {
    if (before === undefined) delete process.env['RELIABLE_RAID_CACHE'];
    else process.env['RELIABLE_RAID_CACHE'] = before;
  });
  const isThere = (path: string) => existsSync(join(root, path));
  for (const path of ['guest-mirror/old', 'guest-mirror-product/old'])
    utimesSync(join(root, path), new Date(0), new Date(0));

  await makeRoom(0);
  t.ok(isThere('guest-mirror-product/old'), 'nothing goes where there is room');

  await makeRoom(Number.MAX_SAFE_INTEGER);
  t.notOk(isThere('guest-mirror-product/old'));
  t.notOk(isThere('guest-mirror/old'));
  t.ok(isThere('guest-mirror/used'));
});
