import { test } from 'tap';
import { readFeatures } from '../../../../src/app/inspect/array-features.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import type { Superblock } from '../../../../src/core/md/superblock.ts';
import { encodeBitmap } from '../../../support/encode-bitmap.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';
import { member, watched } from '../../../support/present-members.ts';

const BITMAP_AT = 8192;

/** The features of a mirror with these superblocks and, on each disk, this in the place of the bitmap. */
async function featuresOf(superblock: Partial<Superblock>, bitmaps: readonly (Uint8Array | null)[]) {
  const files = new MemoryFiles();
  for (const [number, bitmap] of bitmaps.entries()) {
    const bytes = new Uint8Array(BITMAP_AT + 512);
    if (bitmap !== null) bytes.set(bitmap, BITMAP_AT);
    files.bytes.set(`/dev/sd${'ab'[number]}1`, bytes);
  }
  const members = [0, 1].map((number) => member({ number, events: 1, roles: [0, 1], superblock }));
  const found = await readFeatures({ files, paths: REAL_PATHS }, [watched()], { members, arrays: [] });
  return found.map(({ features }) => features);
}

test('a logical block size, from the superblocks', async (t) => {
  t.same(await featuresOf({ logicalBlockBytes: 4096 }, []), [['logical-block-size']]);
  t.same(await featuresOf({}, []), []);
});

test('a lockless bitmap, from where the superblock says that it is', async (t) => {
  const has = { hasBitmap: true, bitmapAtBytes: BITMAP_AT };
  t.same(await featuresOf(has, [encodeBitmap(6), encodeBitmap(6)]), [['llbitmap']]);
  t.same(await featuresOf(has, [encodeBitmap(4), encodeBitmap(4)]), []);
  t.same(
    await featuresOf(has, [null, encodeBitmap(6)]),
    [['llbitmap']],
    'the first disk has none, or cannot be read',
  );
  t.same(await featuresOf(has, []), [], 'no disk can be read');
  t.same(await featuresOf({}, [encodeBitmap(6)]), [], 'the superblock says that there is none');
  t.same(await featuresOf({ ...has, logicalBlockBytes: 512 }, [encodeBitmap(6)]), [
    ['logical-block-size', 'llbitmap'],
  ]);
});
