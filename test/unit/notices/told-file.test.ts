import { test } from 'tap';
import { NOTHING_TOLD, type Told } from '../../../src/core/notices/told.ts';
import { formatTold, parseTold } from '../../../src/core/notices/told-file.ts';
import { survivesAnyText } from '../../support/any-text.ts';
import { fault, mirror } from '../../support/notice-events.ts';

const TOLD: Told = {
  bootId: 'b\u009b',
  faults: [
    { event: fault('degraded'), toldMs: 5 },
    { event: fault('image-outdated', { array: null }), toldMs: 6 },
  ],
  reported: ['x'],
  heardCount: 7,
  arrays: [mirror('in-sync', 'held')],
  waiting: [{ ...fault('degraded'), kind: 'member-gone' }],
  sentMs: [1, 2],
  unsent: [{ channel: 'mail', events: [{ event: fault('degraded'), how: 'again' }], why: 'w', atMs: 3 }],
};

test('what was told comes back as it was, in ASCII', async (t) => {
  for (const told of [TOLD, NOTHING_TOLD]) {
    t.same(parseTold(formatTold(told), 'f'), { ok: true, value: told });
    t.match(formatTold(told), /^[\n\x20-\x7e]*$/);
  }
});

test('a file from before failures were heard loses nothing', async (t) => {
  const { heardCount: _none, ...before } = TOLD;
  const text = formatTold(before as Told);
  t.notMatch(text, 'heardCount');
  t.same(parseTold(text, 'f'), { ok: true, value: { ...before, heardCount: 0 } });
  t.match(parseTold(formatTold({ ...before, heardCount: '7' } as never), 'f'), { ok: false });
});

test('anything else is refused', async (t) => {
  const text = formatTold(TOLD);
  for (const [from, to] of [
    ['told/1', 'told/2'],
    ['"degraded"', '"nonsense"'],
    ['"toldMs": 5', '"toldMs": "5"'],
    ['"uuid": "734f71cb', '"uuid": "x'],
    ['"held"', '"hold"'],
  ] as const)
    t.match(parseTold(text.replace(from, to), 'f'), { ok: false }, to);
  t.match(parseTold(text.slice(0, -20), 'f'), { ok: false });
  survivesAnyText((any) => parseTold(any, 'f'));
});
