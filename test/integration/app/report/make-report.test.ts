// `report` over what real machines said (test/boot/real-kernel/run.ts --record).
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeReport } from '../../../../src/app/report/make-report.ts';
import { showReport } from '../../../../src/cli/commands/show-report.ts';
import { formatKeptBoot } from '../../../../src/core/report/kept-boot.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { keptBoot } from '../../../support/kept-boots.ts';
import { withGrub } from '../../../support/recorded-boot.ts';
import { recordedMachine, type TextFiles } from '../../../support/recorded-machine.ts';
import { recordedSysfs } from '../../../support/recorded-sysfs.ts';
import { SAMPLE_REPORT, SAMPLE_REPORT_TEXT } from '../../../support/sample-report.ts';

const recorded = join(import.meta.dirname, '../../../fixtures/recorded');

function machineOf(folder: string, texts: TextFiles = {}) {
  const path = join(recorded, folder);
  const files = Object.fromEntries(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name), 'utf8')]),
  );
  const { recording, texts: sysfs, folders } = recordedSysfs(files);
  const system = { '/etc/fstab': files['fstab'] ?? '', '/proc/cmdline': 'quiet', ...sysfs, ...texts };
  const kept = { '/var/lib/reliable-raid/boots': ['00000001.json'] };
  const machine = withGrub(recordedMachine(recording, system, { ...folders, ...kept }));
  return { ...idleMachine({ nowMs: () => 0, after: () => () => undefined }, machine.files), ...machine };
}

const BOOTS: TextFiles = {
  '/proc/sys/kernel/hostname': 'guest\n',
  '/run/reliable-raid/boot.json': SAMPLE_REPORT_TEXT,
  '/var/lib/reliable-raid/boots/00000001.json': formatKeptBoot(keptBoot(SAMPLE_REPORT)),
};

for (const folder of ['trixie-mdadm-4.4/lvm-on-luks', 'trixie-mdadm-4.4/md-on-md-partitioned'])
  t.test(folder, async (t) => {
    const found = await makeReport(machineOf(folder, BOOTS));
    const { report, disks } = found;
    t.match(report, { hostName: 'guest', boots: { length: 2 }, isRedacted: false });
    t.ok((report.list?.arrays.length ?? 0) > 0);
    t.equal(report.nextBoot?.forecasts.length, new Set(report.nextBoot?.disks.keys()).size + 1);
    const serials = disks.flatMap((disk) => disk.serials);
    t.ok(serials.length > 0, 'the recording has serial numbers');
    for (const form of ['text', 'json', 'html'] as const) {
      const open = showReport(found, form, false);
      const closed = showReport(found, form, true);
      t.match(open, { status: 0, text: /guest/ });
      for (const serial of serials) t.notOk(closed.text.includes(serial), `${form}: ${serial}`);
      t.notMatch(closed.text, /guest/);
    }
  });

t.test('a machine that cannot be told: the boots all the same, and why', async (t) => {
  const found = await makeReport(
    machineOf('trixie-mdadm-4.4/lvm-on-luks', {
      ...BOOTS,
      '/etc/fstab': '',
      '/proc/cmdline': '',
      '/proc/self/mountinfo': '',
    }),
  );
  t.match(found.report, { list: null, nextBoot: null, boots: { length: 2 } });
  t.ok(found.report.warnings.length > 0);
  t.equal(showReport(found, 'text', false).status, 1);
});
