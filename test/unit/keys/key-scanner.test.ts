import fc from 'fast-check';
import { test } from 'tap';
import { ESCAPE_PAUSE_MS, KeyScanner } from '../../../src/core/keys/key-scanner.ts';

/** Keys of bytes read at once, and after a long silence. */
function keysOf(text: string): string {
  const scanner = new KeyScanner();
  const keys = [...scanner.feed(bytesOf(text), 1000), ...scanner.flush(10_000)];
  return keys.join(' ');
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

test('bytes that come in one burst', async (t) => {
  const cases: readonly [bytes: string, keys: string, what: string][] = [
    ['', '', 'nothing'],
    ['d', 'd', ''],
    ['D', 'd', ''],
    ['\r', 'return', ''],
    ['\n', 'return', ''],
    ['\r\n', 'return', 'one key press of a terminal that sends both'],
    ['\r\r', 'return return', ''],
    ['\n\n', 'return return', ''],
    ['x z\t\x7f\x03\0', '', 'other keys'],
    ['1a9y0N\x1b[1;5D2', '1 9 y n 2', 'choices of a question and their confirmation'],
    ['xdx', 'd', ''],
    ['\x1b', 'escape', 'a lone Esc'],
    ['\x1b\x1b', 'escape', 'Esc held down'],
    ['d\x1b', 'd escape', ''],
    ['\x1b[A', '', 'arrow up'],
    ['\x1b[D', '', 'arrow left'],
    ['\x1b[1;5D', '', 'Ctrl and an arrow'],
    ['\x1bOD', '', 'an arrow in application mode'],
    ['\x1bO5D', '', ''],
    ['\x1bOP', '', 'F1'],
    ['\x1b[[A', '', 'F1 of the Linux console'],
    ['\x1b[[D', '', 'F4 of the Linux console'],
    ['\x1b[15~', '', 'F5'],
    ['\x1b[3~', '', 'Delete'],
    ['\x1b\x1b[D', '', 'Alt and an arrow'],
    ['\x1bd', '', 'Alt-d'],
    ['\x1b\r', '', 'Alt-Return'],
    ['\x1b[Dd', 'd', 'an arrow and then d'],
    ['\x1bOAd', 'd', ''],
    ['\x1b[[Dd', 'd', ''],
    ['\x9bD', '', 'an arrow with an 8-bit introducer'],
    ['\x8fD', '', ''],
    ['\x1b]11;rgb:1d1d/1d1d/1d1d\x1b\\', '', 'a terminal says its colours'],
    ['\x1b]11;rgb:1d1d/1d1d/1d1d\x07d', 'd', ''],
    ['\x1bP1+r436f=d\x1b\\d', 'd', ''],
    ['\x1b[24;80R', '', 'a terminal says where its cursor is'],
    ['\x1b[?62;c', '', 'a terminal says what it is'],
    ['\x1b[\x1b', 'escape', 'a broken sequence, then Esc'],
    ['\xc4\x9b', '', 'a letter beyond ASCII'],
  ];
  for (const [bytes, keys, what] of cases) {
    t.equal(keysOf(bytes), keys, `${JSON.stringify(bytes)} ${what}`);
  }
});

test('a lone Esc is known after the pause', async (t) => {
  const scanner = new KeyScanner();
  t.equal(scanner.pendingUntilMs(), null);
  t.strictSame(scanner.feed(bytesOf('\x1b'), 1000), []);
  t.equal(scanner.pendingUntilMs(), 1000 + ESCAPE_PAUSE_MS);
  t.strictSame(scanner.flush(1050), []);
  t.strictSame(scanner.flush(1000 + ESCAPE_PAUSE_MS), ['escape']);
  t.equal(scanner.pendingUntilMs(), null);
  t.strictSame(scanner.flush(5000), [], 'and only once');
});

test('pauses within and after a sequence', async (t) => {
  const typed = (...bursts: readonly [text: string, atMs: number][]) => {
    const scanner = new KeyScanner();
    return bursts.flatMap(([text, atMs]) => scanner.feed(bytesOf(text), atMs)).join(' ');
  };
  t.equal(typed(['\x1b', 1000], ['[', 1050], ['D', 1099]), '', 'an arrow on a slow line');
  t.equal(typed(['\x1b', 1000], ['d', 1200]), 'escape d', 'Esc, and then d');
  t.equal(typed(['\x1b', 1000], ['\x1b', 1200]), 'escape', 'the second is not known yet');
  t.equal(typed(['\x1b[', 1000], ['d', 1200]), 'd', 'a sequence that broke off is over');
  t.equal(typed(['\x1b]0;', 1000], ['\r', 1200]), 'return');
  t.equal(typed(['\r', 1000], ['\n', 1010]), 'return');
  t.equal(typed(['\r', 1000], ['\n', 1200]), 'return return');
});

const keyByte = fc.constantFrom(0x1b, 0x5b, 0x4f, 0x44, 0x64, 0x0d, 0x0a, 0x31, 0x3b, 0x5d, 0x07, 0x5c, 0x9b);
const burst = fc.record({
  bytes: fc.array(fc.oneof({ weight: 3, arbitrary: keyByte }, fc.nat(255)), { maxLength: 12 }),
  pauseMs: fc.constantFrom(0, 1, 50, 99, 100, 101, 500),
  cuts: fc.array(fc.nat(12), { maxLength: 3 }),
});

test('for any bytes: however they are cut, the same keys', async (t) => {
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 8 }), (bursts) => {
      const whole = new KeyScanner();
      const cut = new KeyScanner();
      let atMs = 1000;
      const wholeKeys: string[] = [];
      const cutKeys: string[] = [];
      for (const { bytes, pauseMs, cuts } of bursts) {
        atMs += pauseMs;
        wholeKeys.push(...whole.feed(Uint8Array.from(bytes), atMs));
        let from = 0;
        for (const to of [...cuts, bytes.length].sort((a, b) => a - b)) {
          cutKeys.push(...cut.feed(Uint8Array.from(bytes.slice(from, to)), atMs));
          cutKeys.push(...cut.flush(atMs));
          from = Math.max(from, to);
        }
      }
      wholeKeys.push(...whole.flush(atMs + 1000));
      cutKeys.push(...cut.flush(atMs + 1000));
      t.strictSame(cutKeys, wholeKeys);
      return whole.pendingUntilMs() === null;
    }),
    { numRuns: 300 },
  );
});
