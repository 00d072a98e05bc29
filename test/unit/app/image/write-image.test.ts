import { test } from 'tap';
import { writeImage } from '../../../../src/app/image/write-image.ts';
import type { Resolution } from '../../../../src/app/watchlist/resolve.ts';
import { formatArrayLines } from '../../../../src/core/image/array-lines.ts';
import { DRACUT } from '../../../../src/core/image/generator.ts';
import { parseKernelCmdline } from '../../../../src/core/parse/kernel-cmdline.ts';
import { failure, ok, type Result } from '../../../../src/core/result/result.ts';
import type { Watchlist } from '../../../../src/core/watchlist/watchlist.ts';
import { formatWatchlist } from '../../../../src/core/watchlist/watchlist-file.ts';
import { IMAGE, listOf, ROOT } from '../../../support/ledger-entries.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const CONF = '/tree/etc/mdadm/mdadm.conf';
const LIST = '/tree/etc/reliable-raid/watchlist.json';
const ARRAYS = '/tree/etc/reliable-raid/arrays';
const LINES = `# added by reliable-raid for this image\nARRAY /dev/md0 UUID=${ROOT}\n`;

const write = (files: MemoryFiles, watchlist: Result<Watchlist>) => {
  const resolution = { watchlist } as Partial<Resolution> as Resolution;
  return writeImage({ files }, '/tree', resolution);
};
const pathsOf = ({ writes }: MemoryFiles) => writes.map((each) => each.split(' ', 1)[0]);

test('mdadm.conf, the watchlist, and last its arrays', async (t) => {
  const files = new MemoryFiles({ [CONF]: 'HOMEHOST <system>' });
  const folders: string[] = [];
  files.makeFolder = async (path?: string) => void folders.push(`${path} ${files.writes.length}`);
  t.same(await write(files, ok(listOf(IMAGE))), { kind: 'written', warnings: [] });
  t.same(pathsOf(files), [CONF, LIST, ARRAYS]);
  t.same(folders, ['/tree/etc/reliable-raid 0', '/tree/etc/mdadm 0'], 'their folders before');
  t.equal(files.texts.get(CONF), `HOMEHOST <system>\n${LINES}`, 'what was there stays');
  t.equal(files.texts.get(LIST), formatWatchlist(listOf(IMAGE)));
  t.equal(files.texts.get(ARRAYS), formatArrayLines(listOf(IMAGE)));
});

test('an image of dracut gets the arguments that name the arrays, and mdadm.conf where its mdadm looks', async (t) => {
  const files = new MemoryFiles();
  const resolution = { watchlist: ok(listOf(IMAGE)) } as Partial<Resolution> as Resolution;
  await writeImage({ files }, '/tree', resolution, DRACUT);
  const own = '/tree/etc/reliable-raid/arguments';
  const rule = '/tree/etc/reliable-raid/members.rules';
  t.same(pathsOf(files), ['/tree/etc/mdadm.conf', LIST, own, rule, ARRAYS]);
  t.equal(files.texts.get(own), `rd.md.uuid=${ROOT}\n`);
  t.match(files.texts.get(rule), `ENV{MD_UUID}=="${ROOT}", GOTO=`);
  t.equal(files.texts.get(LIST), formatWatchlist({ ...listOf(IMAGE), rebuild: 'dracut -f' }));
});

test('a tree without an mdadm.conf gets one', async (t) => {
  const files = new MemoryFiles();
  await write(files, ok(listOf(IMAGE)));
  t.equal(files.texts.get(CONF), LINES);
});

test('what mdadm.conf says against it is a warning', async (t) => {
  const files = new MemoryFiles({ [CONF]: `ARRAY <ignore> UUID=${ROOT}\n` });
  const warnings = [`mdadm.conf tells mdadm to ignore array ${ROOT}, which is needed to boot`];
  t.same(await write(files, ok(listOf(IMAGE))), { kind: 'written', warnings });
  const broken = new MemoryFiles(Object.fromEntries(files.texts));
  broken.broken.set(LIST, { reason: 'error', detail: 'ENOSPC' });
  t.same(await write(broken, ok(listOf(IMAGE))), { kind: 'failed', why: 'ENOSPC', warnings });
});

test('nothing is written where root needs no array, or nobody knows', async (t) => {
  const files = new MemoryFiles();
  t.same(await write(files, ok(listOf())), { kind: 'no-array' });
  t.same(await write(files, failure('/etc/fstab', 'no root')), {
    ...{ kind: 'unresolved', at: '/etc/fstab', why: 'no root' },
  });
  t.same(files.writes, []);
});

test('whatever fails, the list of arrays is not there: the hook takes the rest out again', async (t) => {
  for (const path of [CONF, LIST, ARRAYS]) {
    const files = new MemoryFiles();
    files.broken.set(path, { reason: 'denied', detail: 'EROFS' });
    t.same(await write(files, ok(listOf(IMAGE))), { kind: 'failed', why: 'EROFS', warnings: [] });
    t.notOk(files.texts.has(ARRAYS), path);
  }
  const full = new MemoryFiles();
  full.makeFolder = () => Promise.reject(new Error('ENOSPC'));
  t.same(await write(full, ok(listOf(IMAGE))), { kind: 'failed', why: 'ENOSPC', warnings: [] });
  t.same(full.writes, []);
});

test('a mark where not everything could be followed, before the list', async (t) => {
  const files = new MemoryFiles();
  await writeImage({ files }, '/tree', { watchlist: ok(listOf(IMAGE)), needsUnlisted: true, block: null });
  t.same(pathsOf(files), [CONF, LIST, '/tree/etc/reliable-raid/needs-unlisted', ARRAYS]);
});

test('what would end the boot before the wait does is a warning', async (t) => {
  const files = new MemoryFiles({
    '/tree/etc/systemd/system/dev-md0.device.d/x.conf': '[Unit]\nJobTimeoutSec=3\nJobRunningTimeoutSec=2\n',
    '/tree/usr/lib/systemd/system/initrd-root-device.target.d/y.conf': 'JobTimeoutSec=infinity\n',
    '/tree/usr/lib/systemd/system/swap.target.d/y.conf': 'JobTimeoutSec=1\n',
    '/tree/etc/systemd/system/dev-md1.device.d/readme': 'JobTimeoutSec=1\n',
  });
  const facts = { cmdline: parseKernelCmdline('rd.timeout=10'), crypttab: [], crypttabAt: '/etc/crypttab' };
  const resolution = {
    watchlist: ok(listOf(IMAGE)),
    needsUnlisted: false,
    block: { facts },
  } as unknown as Resolution;
  const written = await writeImage({ files }, '/tree', resolution, DRACUT);
  t.match(written, {
    warnings: [
      /^rd\.timeout=10 .* 10 s, .* until 20 s/,
      /^JobRunningTimeoutSec=2 .*dev-md0\.device\.d\/x\.conf/,
    ],
  });
  t.match(
    await writeImage({ files }, '/tree', resolution),
    { warnings: [] },
    'initramfs-tools has no such thing',
  );
});
