import fc from 'fast-check';
import { test } from 'tap';
import { decodeBytes } from '../../../src/core/text/decode-bytes.ts';

test('UTF-8, and bytes that are none', async (t) => {
  t.equal(decodeBytes([0xc3, 0xa9]), '\u00e9');
  t.equal(decodeBytes([0xe9]), '\u00e9');
  t.equal(decodeBytes([]), '');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => decodeBytes([...Buffer.from(text)]) === text),
  );
});
