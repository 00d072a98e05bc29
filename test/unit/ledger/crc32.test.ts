import { test } from 'tap';
import { crc32 } from '../../../src/core/ledger/crc32.ts';

test('CRC-32 is the usual one', async (t) => {
  t.equal(crc32('123456789'), 0xcbf43926);
  t.equal(crc32(''), 0);
});
