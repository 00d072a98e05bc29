import { test } from 'tap';
import { renderMotd } from '../../../../src/core/render/notices/motd.ts';
import { fault } from '../../../support/notice-events.ts';

test('what is wrong, and nothing when nothing is', async (t) => {
  t.equal(renderMotd([]), null);
  t.equal(
    renderMotd([fault('degraded')]),
    'reliable-raid: array root (md0) lacks a disk.\n  See: reliable-raid status\n',
  );
  const many = renderMotd(
    Array.from({ length: 9 }, () => fault('degraded', { array: null, detail: '\x1b' })),
  );
  t.match(many, /\n\.\.\. and 5 more\.\n/);
  t.match(many, /^[\n\x20-\x7e]*$/);
});
