import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { keepWatchlist } from '../../../../src/app/watchlist/keep-watchlist.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { IMAGE, listOf } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const PATH = '/var/lib/reliable-raid/watchlist.json';

test('it is kept below /var/lib, in a folder that is made for it', async (t) => {
  const files = new MemoryFiles();
  const made: string[] = [];
  files.makeFolder = async (path?: string) => void made.push(`${path} ${files.writes.length}`);
  t.equal(await keepWatchlist({ files, paths: REAL_PATHS }, listOf(IMAGE)), null);
  t.same([...files.texts], [[PATH, formatWatchlist(listOf(IMAGE))]]);
  t.same(made, ['/var/lib/reliable-raid 0'], 'before');
  const elsewhere = { stateFolder: '/elsewhere', bootFolders: [] };
  t.equal(await keepWatchlist({ files, paths: REAL_PATHS }, listOf(IMAGE), elsewhere), null);
  t.ok(files.texts.has('/elsewhere/watchlist.json'));
});

test('what cannot be written is named, and why', async (t) => {
  const files = new MemoryFiles();
  files.broken.set(PATH, { reason: 'error', detail: 'ENOSPC' });
  t.equal(
    await keepWatchlist({ files, paths: REAL_PATHS }, listOf(IMAGE)),
    `${PATH}: could not be written: ENOSPC`,
  );
});
