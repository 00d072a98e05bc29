import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { isOthers } from '../../../../src/app/rejoin/others-array.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { IMAGE, listOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const { uuid } = IMAGE;
const MACHINE = {
  '/var/lib/reliable-raid/ledger.json': '',
  '/proc/sys/kernel/hostname': 'box\n',
  '/etc/hostname': 'box.example\n',
};
const asked = (name: string, texts: Readonly<Record<string, string>> = {}) =>
  isOthers({ files: new MemoryFiles({ ...MACHINE, ...texts }), paths: REAL_PATHS }, uuid, name);

test('another machine is meant only where everything says so', async (t) => {
  t.ok(await asked('other:data'));
  for (const name of ['box:data', 'box.example:data', 'data', '', ':data', 'any:data'])
    t.notOk(await asked(name), name);
  t.notOk(await asked('other:data', { '/etc/mdadm/mdadm.conf': `ARRAY /dev/md0 UUID=${uuid}\n` }));
  t.notOk(await asked('other:data', { '/etc/mdadm.conf': `ARRAY /dev/md0 UUID=${uuid}\n` }));
  t.notOk(
    await asked('other:data', { '/var/lib/reliable-raid/watchlist.json': formatWatchlist(listOf(IMAGE)) }),
  );
  t.notOk(
    await isOthers({ files: new MemoryFiles(), paths: REAL_PATHS }, uuid, 'other:data'),
    'no ledger can be read yet',
  );
});
