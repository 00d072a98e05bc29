import { test } from 'tap';
import { isCurrent, listChanges } from '../../../src/core/inspect/list-changes.ts';
import { DATA, ROOT } from '../../support/status-machines.ts';
import { watchedMirror } from '../../support/watched-array.ts';

const root = watchedMirror(ROOT);
const data = watchedMirror(DATA, { name: 'data' });

test('what the image does not know, waits for in vain, or knows as it was', async (t) => {
  const grown = { ...root, raidDevices: 3 };
  t.same(listChanges({ arrays: [root, data] }, { arrays: [grown] }), {
    added: [],
    removed: [data],
    changed: [grown],
  });
  t.same(listChanges({ arrays: [] }, { arrays: [root] }), { added: [root], removed: [], changed: [] });
});

test('members come and go without a new image', async (t) => {
  const now = { ...root, members: [], name: 'renamed' };
  t.ok(isCurrent(listChanges({ arrays: [root] }, { arrays: [now] })));
  t.notOk(isCurrent(listChanges({ arrays: [root] }, { arrays: [data] })));
});
