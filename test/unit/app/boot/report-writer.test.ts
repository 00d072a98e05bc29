import { test } from 'tap';
import { BootReport } from '../../../../src/app/boot/report-writer.ts';
import type { MdUuid } from '../../../../src/core/md/md-uuid.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const UUID = '11111111:22222222:33333333:44444444' as MdUuid;
const PATH = '/run/reliable-raid/boot.json';
const open = (files: MemoryFiles) => BootReport.open(files, PATH, 5, [{ uuid: UUID, name: 'root\x9b' }]);

test('a later stage goes on with the report of an earlier one', async (t) => {
  const files = new MemoryFiles();
  const first = await open(files);
  first.add({ atMs: 1, kind: 'not-startable', array: UUID });
  await first.flush();
  const second = await open(files);
  t.same([...second.toldNotStartable()], [UUID]);
  second.add({ atMs: 2, kind: 'array-started', array: UUID });
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
  report.add({ atMs: 1, kind: 'notice' });
  await report.flush();
  await report.flush();
  t.equal(files.writes.length, 1);
  files.broken.set(PATH, { reason: 'error', detail: 'ENOSPC' });
  report.add({ atMs: 2, kind: 'notice' });
  await report.flush();
});

test('a machine whose disks come and go does not fill /run', async (t) => {
  const files = new MemoryFiles();
  const report = await open(files);
  for (let atMs = 0; atMs < 10_000; atMs++) report.add({ atMs, kind: 'member-arrived' });
  await report.flush();
  t.match(JSON.parse(files.texts.get(PATH) ?? ''), { timeline: { length: 4_000 } });
});

test('an earlier report that is none is an empty one', async (t) => {
  for (const text of [
    '',
    '{',
    'null',
    '[]',
    '{"timeline":3}',
    '{"timeline":[null,{"atMs":"x","kind":"notice"},{"atMs":1}]}',
  ])
    t.equal((await open(new MemoryFiles({ [PATH]: text }))).toldNotStartable().size, 0, text);
});
