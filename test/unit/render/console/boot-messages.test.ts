import { test } from 'tap';
import {
  missingLines,
  renderNotNeeded,
  renderUnlisted,
} from '../../../../src/core/render/console/boot-messages.ts';
import { watched } from '../../../support/present-members.ts';

test('missing members: the first eight by name, the rest by number', async (t) => {
  const missing = (count: number) =>
    missingLines('missing', watched([], { raidDevices: count }), { kind: 'absent' });
  t.equal(missing(8).length, 8);
  t.equal(missing(11).length, 9);
  t.match(missing(11).at(-1), / 3 more/);
});

test('what is not listed, and what is not needed: no line is wider than a console', async (t) => {
  const arrays = Array.from({ length: 9 }, (_, n) => watched([], { name: `a-rather-long-name-${n}` }));
  const texts = [renderUnlisted(arrays, true), renderUnlisted(arrays, false), renderNotNeeded(arrays)];
  for (const text of texts) {
    t.ok(
      text.split('\n').every((line) => line.length <= 79),
      text,
    );
    t.match(text, /^[ -~\n]+$/);
    t.match(text, /a-rather-long-name-3.*5\s+more/s);
  }
});
