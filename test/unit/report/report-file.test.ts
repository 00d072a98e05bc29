import t from 'tap';
import { parseAnyReport } from '../../../src/core/report/any-report.ts';
import { MAX_ENTRIES, parseReport, REPORT_SCHEMA } from '../../../src/core/report/report-file.ts';
import { SAMPLE_REPORT, SAMPLE_REPORT_1, SAMPLE_REPORT_TEXT } from '../../support/sample-report.ts';

t.test('what is written is read back, every kind and every field', async (t) => {
  t.same(parseReport(SAMPLE_REPORT_TEXT, 'boot.json'), { ok: true, value: SAMPLE_REPORT });
  t.same(parseAnyReport(SAMPLE_REPORT_TEXT, 'boot.json'), { ok: true, value: SAMPLE_REPORT });
  t.match(SAMPLE_REPORT_TEXT, /^[\n -~]+$/, 'ASCII alone');
  t.equal(JSON.parse(SAMPLE_REPORT_TEXT).schema, REPORT_SCHEMA);
});

t.test('each field is needed, and of its own type', async (t) => {
  for (const [n, entry] of SAMPLE_REPORT.timeline.entries())
    for (const field of Object.keys(entry))
      for (const value of [undefined, {}, []]) {
        if (Array.isArray(value) && Array.isArray((entry as unknown as Record<string, unknown>)[field]))
          continue;
        const timeline = SAMPLE_REPORT.timeline.with(n, { ...entry, [field]: value } as typeof entry);
        const read = parseReport(
          JSON.stringify({ ...JSON.parse(SAMPLE_REPORT_TEXT), timeline }),
          'boot.json',
        );
        t.match(read, { ok: false, at: `timeline[${n}].${field}` }, `${entry.kind}.${field}`);
      }
});

t.test('not a report: refused', async (t) => {
  const whole = JSON.parse(SAMPLE_REPORT_TEXT) as object;
  const [first] = SAMPLE_REPORT.timeline;
  for (const text of [
    '',
    '{}',
    SAMPLE_REPORT_TEXT.slice(0, -9),
    JSON.stringify({ ...whole, schema: 'reliable-raid/boot/3' }),
    JSON.stringify({ ...whole, outcome: 'sideways' }),
    JSON.stringify({ ...whole, timeline: Array.from({ length: MAX_ENTRIES + 1 }, () => first) }),
  ])
    t.match(parseAnyReport(text, 'boot.json'), { ok: false }, text.slice(0, 40));
  t.match(parseReport(SAMPLE_REPORT_1, 'boot.json'), { ok: false, at: 'boot.json: schema' });
});
