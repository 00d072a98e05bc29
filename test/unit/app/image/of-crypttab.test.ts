import { test } from 'tap';
import { ofCrypttab } from '../../../../src/app/image/of-crypttab.ts';
import type { Resolution } from '../../../../src/app/watchlist/resolve.ts';
import { DRACUT, INITRAMFS_TOOLS } from '../../../../src/core/image/generator.ts';
import { failure, ok } from '../../../../src/core/result/result.ts';
import { IMAGE, listOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

test('an image without crypttab does not know what it says', async (t) => {
  const list = listOf(IMAGE);
  const resolution = {
    watchlist: ok({ ...list, unlocks: [{ mapping: 'x', how: 'UUID=u none' }] }),
  } as Partial<Resolution> as Resolution;
  const [without, withIt] = [new MemoryFiles(), new MemoryFiles({ '/tree/etc/crypttab': '' })];
  const made = (files: MemoryFiles, generator = DRACUT) =>
    ofCrypttab({ files }, '/tree', resolution, generator);
  t.same((await made(without)).watchlist, ok(list));
  t.equal(await made(withIt), resolution);
  t.equal(await made(without, INITRAMFS_TOOLS), resolution, 'its hook for crypttab comes later');
  const unresolved = { watchlist: failure('/', 'x') } as Partial<Resolution> as Resolution;
  t.equal(await ofCrypttab({ files: without }, '/tree', unresolved, DRACUT), unresolved);
});
