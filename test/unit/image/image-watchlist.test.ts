import { test } from 'tap';
import { GENERATORS, INITRAMFS_TOOLS } from '../../../src/core/image/generator.ts';
import { imageWatchlist } from '../../../src/core/image/image-watchlist.ts';
import { formatWatchlist, parseWatchlist } from '../../../src/core/watchlist/watchlist-file.ts';
import { IMAGE, listOf } from '../../support/ledger-entries.ts';

const LIST = listOf(IMAGE);
const POLICIES = 'general start\nforeign never\narray never - d\u00e4ta "x"\n';

test('what the preset is adds nothing', async (t) => {
  t.same(imageWatchlist(LIST, INITRAMFS_TOOLS, ''), LIST);
});

test('what builds it and what is configured can be read again from its text', async (t) => {
  for (const generator of GENERATORS) {
    const list = imageWatchlist(LIST, generator, POLICIES);
    const read = parseWatchlist(formatWatchlist(list));
    t.same(read, { ok: true, value: list });
    t.equal(list.rebuild, generator === INITRAMFS_TOOLS ? undefined : generator.rebuild);
  }
});
