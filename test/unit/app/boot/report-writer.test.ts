import { test } from 'tap';
import { BootReport } from '../../../../src/app/boot/report-writer.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import { formatReport, REPORT_SCHEMA } from '../../../../src/core/report/report-file.ts';
import type { TimelineEntry } from '../../../../src/core/report/timeline.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const UUID = '11111111:22222222:33333333:44444444' as MdUuid;
const PATH = '/run/reliable-raid/boot.json';
const notice = (atMs: number): TimelineEntry => ({
  ...{ atMs, kind: 'notice', array: UUID },
  ...{ missingRoles: [1], waitedMs: 10_000, leftMs: 20_000 },
});
const notStartable: TimelineEntry = {
  ...{ atMs: 1, kind: 'not-startable', array: UUID },
  ...{ reason: 'too-few', missingRoles: [1] },
};
const open = (files: MemoryFiles) => BootReport.open(files, PATH, 5, [{ uuid: UUID, name: 'root\x9b' }]);

test('a later stage goes on with the report of an earlier one', async (t) => {
  const files = new MemoryFiles();
  const first = await open(files);
  first.add(notStartable);
  await first.flush();
  const second = await open(files);
  t.same([...second.toldNotStartable()], [UUID]);
  second.add({
    ...{ atMs: 2, kind: 'array-started', array: UUID },
    ...{ device: 'md0', state: 'clean', missingCount: 1, degraded: true },
  });
  second.finish('up', { processStartedAtMs: null, firstDecisionAtMs: 3, peakMemoryKiB: null });
  await second.flush();
  const text = files.texts.get(PATH) ?? '';
  t.match(text, /^[\n -~]+$/);
  t.match(JSON.parse(text), { outcome: 'up', discoveryAtMs: 5, timeline: [{ atMs: 1 }, { atMs: 2 }] });
});

test('nothing new is not written again; what cannot be written stops nothing', async (t) => {
  const files = new MemoryFiles();
  const report = await open(files);
  await report.flush();
  t.equal(files.writes.length, 0);
  report.add(notice(1));
  await report.flush();
  await report.flush();
  t.equal(files.writes.length, 1);
  files.broken.set(PATH, { reason: 'error', detail: 'ENOSPC' });
  report.add(notice(2));
  await report.flush();
});

test('a machine whose disks come and go does not fill /run', async (t) => {
  const files = new MemoryFiles();
  const report = await open(files);
  for (let atMs = 0; atMs < 10_000; atMs++)
    report.add({ atMs, kind: 'member-arrived', array: UUID, device: 'sda' });
  await report.flush();
  t.match(JSON.parse(files.texts.get(PATH) ?? ''), { timeline: { length: 4_000 } });
});

test('an earlier report that is none is an empty one', async (t) => {
  const told = async (text: string) =>
    (await open(new MemoryFiles({ [PATH]: text }))).toldNotStartable().size;
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"timeline":3}',
    '{"timeline":[null,{"atMs":"x","kind":"notice"},{"atMs":1}]}',
  ])
    t.equal(await told(text), 0, text);
  const whole = formatReport({
    ...{ discoveryAtMs: 5, outcome: null, engine: null, arrays: [] },
    timeline: [notStartable, notice(2)],
  });
  t.equal(await told(whole), 1);
  for (const [from, to] of [
    [REPORT_SCHEMA, 'reliable-raid/boot/1'],
    ['"notice"', '"unknown"'],
    ['"waitedMs": 10000', '"waitedMs": "x"'],
  ] as const)
    t.equal(await told(whole.replace(from, to)), 0, `${to}`);
});
