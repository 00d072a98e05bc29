import fc from 'fast-check';
import { test } from 'tap';
import { escapeForConsole } from '../../../src/core/text/escape-console.ts';

test('what a terminal obeys becomes visible, the rest stays', async (t) => {
  const cases: readonly [text: string, shown: string][] = [
    ['sda1 (WDC)', 'sda1 (WDC)'],
    ['a\\b', 'a\\\\b'],
    ['\x1b[2J', '\\x1b[2J'],
    ['\n\t\x7f\x9b', '\\x0a\\x09\\x7f\\x9b'],
    ['\u202e\u{1f600}', '\\u{202e}\\u{1f600}'],
  ];
  for (const [text, shown] of cases) t.equal(escapeForConsole(text), shown);
  t.equal(escapeForConsole('x'.repeat(64)), 'x'.repeat(64));
  t.equal(escapeForConsole('x'.repeat(65)), `${'x'.repeat(61)}...`);
});

test('any text: printable ASCII within the length', async () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.integer({ min: 3, max: 100 }),
      (text, length) => {
        const shown = escapeForConsole(text, length);
        return shown.length <= length && /^[ -~]*$/.test(shown);
      },
    ),
  );
});
