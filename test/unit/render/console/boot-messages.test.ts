import { test } from 'tap';
import { missingLines } from '../../../../src/core/render/console/boot-messages.ts';
import { watched } from '../../../support/present-members.ts';

test('missing members: the first eight by name, the rest by number', async (t) => {
  const missing = (count: number) =>
    missingLines('missing', watched([], { raidDevices: count }), { kind: 'absent' });
  t.equal(missing(8).length, 8);
  t.equal(missing(11).length, 9);
  t.match(missing(11).at(-1), / 3 more/);
});
