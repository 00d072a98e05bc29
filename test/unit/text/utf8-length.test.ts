import fc from 'fast-check';
import { test } from 'tap';
import { utf8Length } from '../../../src/core/text/utf8-length.ts';

test('as many bytes as the encoder writes', async (t) => {
  t.equal(utf8Length('a\u00e9\u20ac\u{1f600}'), 10);
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => utf8Length(text) === Buffer.byteLength(text)),
  );
});
