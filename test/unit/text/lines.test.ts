import fc from 'fast-check';
import { test } from 'tap';
import { cut, fit, listWords, nameSome, WIDTH, wrap } from '../../../src/core/text/lines.ts';

test('cut to a width, with dots for the rest', async (t) => {
  t.equal(cut('abcde', 5), 'abcde');
  t.equal(cut('abcdef', 5), 'ab...');
  t.equal(fit('x'.repeat(WIDTH)).length, WIDTH);
  t.match(fit('x'.repeat(WIDTH + 1)), /^x{76}\.\.\.$/);
});

test('a long sentence is broken at spaces, further lines indented', async (t) => {
  t.same(wrap('short'), ['short']);
  const words = Array.from({ length: 30 }, () => 'word').join(' ');
  const lines = wrap(words);
  t.match(lines, [/^word.*word$/, /^ {2}word.*word$/]);
  t.equal(lines.map((line) => line.trim()).join(' '), words, 'nothing is lost');
  t.match(wrap('x'.repeat(100)), [/^x{79}$/, /^ {2}x{21}$/], 'a word wider than a line is cut');
});

test('wrapping ends, and no line is too wide', async () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 1000 }), (text) => wrap(text).every((line) => line.length <= WIDTH)),
  );
});

test('names in a sentence, and how many more', async (t) => {
  t.equal(listWords([]), '');
  t.equal(listWords(['a']), 'a');
  t.equal(listWords(['a', 'b']), 'a and b');
  t.equal(listWords(['a', 'b', 'c']), 'a, b and c');
  t.same(nameSome(['a', 'b'], 2), ['a', 'b']);
  t.same(nameSome(['a', 'b', 'c', 'd'], 2, 'more disks'), ['a', 'b', '2 more disks']);
});
