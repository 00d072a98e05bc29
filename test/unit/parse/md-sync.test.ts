import { test } from 'tap';
import { parseSync, syncLeftMs, syncPercent } from '../../../src/core/parse/md-sync.ts';
import { survivesAnyText } from '../../support/any-text.ts';

test('what md copies, how far it is, and how long it takes', async (t) => {
  const rebuild = parseSync('recover\n', '2000 / 10000\n', '1000\n');
  t.same(rebuild, { action: 'recover', done: { sectors: 2000, ofSectors: 10_000 }, kibPerS: 1000 });
  if (rebuild === null) return;
  t.equal(syncPercent(rebuild), 20);
  t.equal(syncLeftMs(rebuild), 4000, '8000 sectors are 4000 KiB');
});

test('nothing to do, and what does not progress', async (t) => {
  for (const action of [null, 'idle\n', 'frozen\n', '', 'rebuilding'])
    t.equal(parseSync(action, 'none\n', 'none\n'), null);
  const delayed = parseSync('resync', 'delayed\n', 'none');
  t.same(delayed, { action: 'resync', done: null, kibPerS: 0 });
  if (delayed !== null) t.same([syncPercent(delayed), syncLeftMs(delayed)], [0, null]);
  const stopped = parseSync('check', '5 / 10', '0');
  if (stopped !== null) t.same([syncPercent(stopped), syncLeftMs(stopped)], [50, null]);
  t.same(parseSync('check', '11 / 10', '1')?.done, { sectors: 10, ofSectors: 10 }, 'never more than all');
  t.equal(parseSync('check', '0 / 0', '1')?.done, null);
});

test('no text makes it throw', async () =>
  survivesAnyText((text) => {
    parseSync('recover', text, text);
    parseSync(text, text, text);
  }));
