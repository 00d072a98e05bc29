import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { keepBoot } from '../../../../src/app/report/keep-boot.ts';
import { MAX_KEPT_BOOTS, parseKeptBoot } from '../../../../src/core/report/kept-boot.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';
import { SAMPLE_REPORT, SAMPLE_REPORT_TEXT } from '../../../support/sample-report.ts';

const FOLDER = '/var/lib/reliable-raid/boots';
const bootAs = (files: MemoryFiles, id: string, btimeS = 1_700_000_000): MemoryFiles => {
  files.texts.set('/proc/sys/kernel/random/boot_id', `${id}\n`);
  files.texts.set('/proc/stat', `btime ${btimeS}\n`);
  files.texts.set('/proc/uptime', '10.00 5.00\n');
  return files;
};
const keep = (files: MemoryFiles) => keepBoot({ files, paths: REAL_PATHS });
const kept = (files: MemoryFiles, name: string) => {
  const read = parseKeptBoot(files.texts.get(`${FOLDER}/${name}`) ?? '', name);
  return read.ok ? read.value : null;
};

test('each boot has its file, in order, whatever the clock says; the oldest goes', async (t) => {
  const files = new MemoryFiles();
  for (let n = 1; n <= MAX_KEPT_BOOTS + 3; n++)
    t.equal(await keep(bootAs(files, `boot-${n}`, 2e9 - n)), null);
  const names = await files.list(FOLDER);
  t.equal(names.length, MAX_KEPT_BOOTS);
  t.same(
    [kept(files, names[0] ?? '')?.bootId, kept(files, names.at(-1) ?? '')?.bootId],
    ['boot-4', `boot-${MAX_KEPT_BOOTS + 3}`],
  );
});

test('at the end of the boot what is new is added, and nothing is written where nothing is', async (t) => {
  const files = bootAs(new MemoryFiles(), 'one');
  files.texts.set('/run/reliable-raid/boot.json', SAMPLE_REPORT_TEXT);
  await keep(files);
  const before = files.writes.length;
  await keep(bootAs(files, 'one', 1_600_000_000));
  t.equal(files.writes.length, before, 'a clock that was set is no news');
  files.texts.set('/run/reliable-raid/start.json', SAMPLE_REPORT_TEXT);
  files.texts.delete('/run/reliable-raid/boot.json');
  await keep(files);
  t.match(kept(files, '00000001.json'), {
    bootedAtMs: 1_700_000_000_000,
    reports: { image: SAMPLE_REPORT, byHand: SAMPLE_REPORT, others: null },
  });
  t.equal((await files.list(FOLDER)).length, 1);
});

test('a damaged file keeps its place; other files in the folder stay', async (t) => {
  const files = bootAs(new MemoryFiles({ [`${FOLDER}/00000007.json`]: '{', [`${FOLDER}/notes`]: '' }), 'one');
  t.equal(await keep(files), null);
  t.same(await files.list(FOLDER), ['00000007.json', '00000008.json', 'notes']);
});

test('in a boot image nothing is kept, and a full disk is said', async (t) => {
  const image = bootAs(new MemoryFiles({ '/etc/reliable-raid/arrays': '' }), 'one');
  t.equal(await keep(image), null);
  t.same(image.writes, []);
  const full = bootAs(new MemoryFiles(), 'one');
  full.broken.set(`${FOLDER}/00000001.json`, { reason: 'error', detail: 'ENOSPC' });
  t.match(await keep(full), /00000001.json: ENOSPC/);
});
