import { test } from 'tap';
import { parsePvs } from '../../../src/core/parse/lvm-pvs.ts';
import { survivesAnyText } from '../../support/any-text.ts';
import { recordedOutputs } from '../../support/recorded-outputs.ts';

const report = (...pv: readonly object[]) => JSON.stringify({ report: [{ pv }] });
const ROW = { vg_uuid: 'aa-bb', vg_name: 'vg', pv_count: '3', pv_uuid: 'p', pv_name: '/dev/md0' };

test('every recorded output', async (t) => {
  const outputs = recordedOutputs(/\/pvs\.txt$/).filter((text) => text !== '');
  t.ok(outputs.length > 0);
  for (const text of outputs) t.match(parsePvs(text), { ok: true });
});

test('physical volumes by number, and those that LVM does not find', async (t) => {
  const text = report(
    { ...ROW, pv_major: '9', pv_minor: '0' },
    { ...ROW, pv_name: '[unknown]', pv_major: '-1', pv_minor: '-1' },
    { ...ROW, pv_name: '[unknown]', pv_major: '', pv_minor: '' },
    { ...ROW, vg_uuid: '', vg_name: '', pv_count: '0', pv_major: 9, pv_minor: 1 },
  );
  t.match(parsePvs(text), {
    ok: true,
    value: [
      { majorMinor: '9:0', groupId: 'aabb', groupName: 'vg', groupSize: 3, uuid: 'p' },
      { majorMinor: null, path: '[unknown]' },
      { majorMinor: null },
      { majorMinor: '9:1', groupId: '', groupSize: 0 },
    ],
  });
});

test('what is no such report is a failure', async (t) => {
  const garbage = ['', 'x', '  aa|vg|/dev/md0\n', '{}', '{"report":{}}', '{"report":[{}]}', report({})];
  for (const text of garbage) t.match(parsePvs(text), { ok: false }, text);
  t.match(parsePvs(report({ ...ROW, pv_major: 'nine', pv_minor: '0' })), { ok: false });
});

test('no text makes it throw', async () => survivesAnyText(parsePvs));
