import { test } from 'tap';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { readBoots } from '../../../../src/app/report/read-boots.ts';
import { formatKeptBoot } from '../../../../src/core/report/kept-boot.ts';
import { keptBoot } from '../../../support/kept-boots.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';
import { SAMPLE_REPORT, SAMPLE_REPORT_TEXT } from '../../../support/sample-report.ts';

const FOLDER = '/var/lib/reliable-raid/boots';
const read = (files: MemoryFiles) => readBoots({ files, paths: REAL_PATHS });
const files = (texts: Readonly<Record<string, string>>): MemoryFiles =>
  new MemoryFiles({ '/proc/sys/kernel/random/boot_id': 'now\n', ...texts });

test('this boot first, then the former ones, the newest first; its own file is not another boot', async (t) => {
  const { boots, faults } = await read(
    files({
      '/run/reliable-raid/boot.json': SAMPLE_REPORT_TEXT,
      '/proc/stat': 'btime 1700000000\n',
      '/proc/uptime': '10.00 5.00\n',
      [`${FOLDER}/00000001.json`]: formatKeptBoot(keptBoot(null, { bootId: 'a' })),
      [`${FOLDER}/00000002.json`]: formatKeptBoot(keptBoot(SAMPLE_REPORT, { bootId: 'b' })),
      [`${FOLDER}/00000003.json`]: formatKeptBoot(keptBoot(null, { bootId: 'now' })),
    }),
  );
  t.same(
    boots.map(({ bootId }) => bootId),
    ['now', 'b', 'a'],
  );
  t.match(boots[0], { bootedAtMs: 1_700_000_000_000, isWhole: true, reports: { image: SAMPLE_REPORT } });
  t.same(faults, []);
});

test('what cannot be read is named, and is not taken for a boot without a wait', async (t) => {
  const machine = files({ '/run/reliable-raid/arrays.json': '{', [`${FOLDER}/00000001.json`]: '{' });
  machine.broken.set('/run/reliable-raid/boot.json', { reason: 'denied', detail: 'EACCES' });
  const { boots, faults } = await read(machine);
  t.match(boots, [{ bootedAtMs: null, isWhole: false, reports: { image: null, others: null } }]);
  t.equal(faults.length, 3);
  t.match(faults[0], /boot.json: may be read by root only/);
});
