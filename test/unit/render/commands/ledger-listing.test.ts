import { test } from 'tap';
import { renderLedger } from '../../../../src/core/render/commands/ledger-listing.ts';
import { entryOf, NOW, ROOT } from '../../../support/ledger-entries.ts';

test('a listing is plain text of 79 columns at most', async (t) => {
  const entry = entryOf([0, 1], 20);
  const text = renderLedger(
    {
      label: 'root',
      uuid: ROOT,
      now: null,
      mayRun: false,
      lines: [{ place: `/x\x1b[2J${'y'.repeat(99)}`, entry, believed: true }],
    },
    NOW,
  );
  t.match(text, /^ {2}\* \/x/m);
  t.match(text, /in sync: role 0, 1; 20 events, written \d{4}-/);
  t.match(text, /it is not running now/);
  const unread = { label: 'root', uuid: ROOT, now: null, mayRun: true, lines: [] };
  t.match(renderLedger(unread, NOW), /its members may not be read: run it as root/);
  t.notMatch(renderLedger(unread, NOW), /not running/);
  t.ok(text.split('\n').every((line) => line.length <= 79 && /^[\x20-\x7e]*$/.test(line)));
});
