import { test } from 'tap';
import { isLocklessBitmap } from '../../../src/core/md/bitmap-superblock.ts';
import { mdUuidFromBytes } from '../../../src/core/md/md-uuid.ts';
import { encodeBitmap } from '../../support/encode-bitmap.ts';
import { UUID_BYTES } from '../../support/encode-superblock.ts';

const UUID = mdUuidFromBytes(Uint8Array.from(UUID_BYTES));

test('which kind of bitmap an array has', async (t) => {
  t.equal(isLocklessBitmap(encodeBitmap(4), UUID), false, "md's usual one");
  t.equal(isLocklessBitmap(encodeBitmap(5), UUID), false, 'of a cluster');
  t.equal(isLocklessBitmap(encodeBitmap(6), UUID), true);
});

test('what is no bitmap of that array', async (t) => {
  const other = mdUuidFromBytes(new Uint8Array(16));
  t.equal(isLocklessBitmap(encodeBitmap(6), other), null);
  t.equal(isLocklessBitmap(new Uint8Array(512), UUID), null);
  t.equal(isLocklessBitmap(encodeBitmap(6).subarray(0, 23), UUID), null);
});
