import fc from 'fast-check';
import { test } from 'tap';
import { terminalCast } from '../../tools/docs/terminal-cast.ts';

const options = { columns: 80, rows: 24, title: 'a boot' };
const lines = (cast: string): unknown[] =>
  cast
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('from the first line that matters on, and from then counted', async (t) => {
  const chunks = [
    { atS: 1, text: 'kernel\r\nker' },
    { atS: 2, text: 'nel\r\nNOT' },
    { atS: 2.5, text: 'ICE' },
    { atS: 4, text: '\x1b[1mend' },
  ];
  t.strictSame(lines(terminalCast(chunks, { ...options, from: /NOTICE/ })), [
    { version: 2, width: 80, height: 24, title: 'a boot' },
    [0, 'o', 'NOT'],
    [0.5, 'o', 'ICE'],
    [2, 'o', '\x1b[1mend'],
  ]);
});

test('without such a line all is kept, whatever it is', async () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      const chunks = texts.map((text, atS) => ({ atS, text }));
      const [, ...events] = lines(terminalCast(chunks, { ...options, from: /$^never/ }));
      return events.map((event) => (event as string[])[2]).join('') === texts.join('');
    }),
  );
});
