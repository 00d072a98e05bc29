import { test } from 'tap';
import { formatArrayArguments } from '../../../src/core/image/array-arguments.ts';
import { DRACUT, INITRAMFS_TOOLS } from '../../../src/core/image/generator.ts';
import { formatMembersRule } from '../../../src/core/image/members-rule.ts';
import { narrowedFiles } from '../../../src/core/image/narrowed-files.ts';
import { sampleWatchlist } from '../../fuzz/sample-watchlist.ts';

test('both ways to name the arrays, of one list; nothing where the image takes what it sees', async (t) => {
  const list = sampleWatchlist(2);
  t.same(narrowedFiles(DRACUT.narrowed, list), [
    ['etc/reliable-raid/arguments', formatArrayArguments(list)],
    ['etc/reliable-raid/members.rules', formatMembersRule(list)],
  ]);
  t.same(narrowedFiles(INITRAMFS_TOOLS.narrowed, list), []);
});
