import { test } from 'tap';
import { readBootReport } from '../../../../src/app/read/boot-report.ts';
import { idleMachine } from '../../../support/idle-machine.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';
import { SAMPLE_REPORT_TEXT } from '../../../support/sample-report.ts';

const BOOT = '/run/reliable-raid/boot.json';
const read = (files: MemoryFiles) =>
  readBootReport(idleMachine({ nowMs: () => 0, after: () => () => undefined }, files), 'boot.json');

test('a report, none, one that may not be read, and one that is none', async (t) => {
  t.match(await read(new MemoryFiles({ [BOOT]: SAMPLE_REPORT_TEXT })), { ok: true, value: { timeline: [] } });
  t.same(await read(new MemoryFiles({})), { ok: true, value: null });
  const denied = new MemoryFiles({});
  denied.broken.set(BOOT, { reason: 'denied', detail: 'EACCES' });
  t.match(await read(denied), { ok: false, at: BOOT, why: 'may be read by root only' });
  t.match(await read(new MemoryFiles({ [BOOT]: '{' })), { ok: false });
});
