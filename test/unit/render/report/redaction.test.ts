import fc from 'fast-check';
import { test } from 'tap';
import { redacted } from '../../../../src/core/render/report/redaction.ts';
import { renderReportHtml } from '../../../../src/core/render/report/report-html.ts';
import { renderReportJson } from '../../../../src/core/render/report/report-json.ts';
import { renderReport } from '../../../../src/core/render/report/report-text.ts';
import { hostileNames, machineReport, PLAIN_NAMES } from '../../../support/machine-reports.ts';

const RENDERERS = [renderReport, renderReportJson, renderReportHtml];
const DISK = { serials: [PLAIN_NAMES.serial], names: [PLAIN_NAMES.byId, 'wwn-0x50014ee2b1234567'] };

test('no serial number, name of a disk or host name is left, in no form', async (t) => {
  const warnings = [
    '/dev/disk/by-id/ata-WDC_WD40EFRX-68N32N0_WD-WCC7K1XYZ123-part2 of web1.example.org is gone',
    'last seen as nvme-Samsung_SSD_970_S4EWNX0N900001; scsi-35000c500a1b2c3d4 too; naa.5000c500a1b2c3d4',
    '/dev/disk/by-path/pci-0000:00:1f.2-sas-0x5000c500a1b2c3d4-lun-0',
    '/dev/mapper/web1--vg-root and /dev/md/web1:0 and serial OTHER-77',
  ];
  const report = redacted(machineReport(PLAIN_NAMES, { warnings }), [DISK]);
  t.equal(report.isRedacted, true);
  for (const render of RENDERERS)
    t.notMatch(render(report), /WCC7K1|web1|50014ee2|S4EWNX|5000c500|OTHER-77|example\.org/, render.name);
});

test('the same disk is called the same everywhere; what is no name stays', async (t) => {
  const report = redacted(machineReport(), [DISK]);
  const [mount] = report.list?.tree ?? [];
  t.same(
    mount?.children.map(({ label }) => label),
    ['sda WDC WD40EFRX-68N (serial serial-1)', 'host-vg/root', 'role 1: by-id-1'],
  );
  t.match(report.list?.arrays[0]?.members[0]?.disk, { byId: 'by-id-1', serial: 'serial-1' });
  t.match(report.nextBoot?.disks.get('sda')?.identity, { byId: 'by-id-1', serial: 'serial-1' });
  t.equal(report.list?.arrays[0]?.uuid, machineReport().list?.arrays[0]?.uuid);
});

test('a disk that the machine does not have any more has its own number, in each of its names', async (t) => {
  const gone = { ...PLAIN_NAMES, serial: 'GONE-0001', byId: 'ata-OLD_GONE-0001' };
  const report = redacted(machineReport(gone), [DISK]);
  t.match(report.list?.arrays[0]?.members[0]?.disk, { byId: 'by-id-2', serial: 'serial-2' });
});

test('a disk or a machine that is called like a word of ours changes no fact', async (t) => {
  for (const word of [
    'up',
    'stops',
    'mount',
    'missing',
    'engine-started',
    'member-arrived',
    'split-brain',
    'sda',
    'journal',
    'degraded',
  ]) {
    const names = { ...PLAIN_NAMES, host: word, serial: word };
    const report = redacted(machineReport(names), [{ serials: [word], names: [] }]);
    t.same(
      report.boots.map(({ reports }) => reports.image?.timeline.map(({ kind }) => kind)),
      machineReport().boots.map(({ reports }) => reports.image?.timeline.map(({ kind }) => kind)),
    );
    t.same(
      report.nextBoot?.forecasts.map(({ outcome, taken }) => [outcome, taken]),
      machineReport().nextBoot?.forecasts.map(({ outcome, taken }) => [outcome, taken]),
    );
  }
});

test('no name breaks it, and a serial number of some length is gone whatever it is', async () => {
  fc.assert(
    fc.property(
      hostileNames,
      fc.string({ unit: 'binary', minLength: 12, maxLength: 40 }),
      (names, serial) => {
        const report = redacted(machineReport({ ...names, serial }), [DISK]);
        return (
          RENDERERS.every((render) => render(report) !== '') &&
          JSON.stringify(report.list?.arrays).indexOf(JSON.stringify(serial)) === -1
        );
      },
    ),
    { numRuns: 60 },
  );
});
