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

t.test('a report of schema 1: its sentences as facts, as far as they say them', async (t) => {
  const read = parseAnyReport(SAMPLE_REPORT_1, 'boot.json');
  const array = SAMPLE_REPORT.arrays[0]?.uuid;
  t.match(read, { ok: true, value: { discoveryAtMs: 1000, outcome: 'up', arrays: [{ name: 'root' }] } });
  t.same(read.ok ? read.value.timeline : [], [
    { atMs: 0, kind: 'engine-started' },
    { atMs: 2, kind: 'member-arrived', array, device: 'sda1' },
    { atMs: 3, kind: 'notice', array, missingRoles: null, waitedMs: null, leftMs: null },
    { atMs: 4, kind: 'key', key: 'escape', console: 'ttyS0' },
    { atMs: 5, kind: 'deadline', array, cause: 'key', missingRoles: null },
    {
      atMs: 6,
      kind: 'command',
      array: null,
      steps: [
        { path: '/p/dirty', value: '1' },
        { argv: ['mdadm', '--run', '/dev/md127'] },
        { path: '/p/dirty', value: '0' },
      ],
      ok: false,
      detail: 'why',
    },
    {
      atMs: 7,
      kind: 'command',
      array: null,
      steps: [{ argv: ['mdadm', '--stop', '/dev/md127'] }],
      ok: true,
      detail: '',
    },
    { atMs: 8, kind: 'events-lost', detail: 'gone', lookEveryMs: 5000 },
    {
      atMs: 9,
      kind: 'start-failed',
      array,
      reason: 'not-run',
      device: 'md127',
      detail: 'mdadm --run /dev/md127: mdadm: no (exit status 1)',
      attempts: 1,
    },
    {
      atMs: 10,
      kind: 'start-failed',
      array,
      reason: 'not-bound',
      device: null,
      detail: 'no md device appeared for its members',
      attempts: 2,
    },
    { atMs: 11, kind: 'not-startable', array, reason: 'too-few', missingRoles: [0, 1] },
    { atMs: 12, kind: 'not-startable', array, reason: 'policy', missingRoles: [] },
    { atMs: 13, kind: 'asked', array, reason: 'split-brain', choices: null },
    { atMs: 14, kind: 'asked', array, reason: 'dirty-degraded', choices: null },
    { atMs: 15, kind: 'answered', array, choice: 2, console: 'ttyS0', devices: ['sda1', 'sdb1'] },
    {
      atMs: 16,
      kind: 'array-started',
      array,
      device: 'md127',
      state: 'read-auto',
      missingCount: 1,
      degraded: true,
    },
    {
      atMs: 17,
      kind: 'array-complete',
      array,
      device: 'md126',
      state: 'clean',
      missingCount: 0,
      degraded: false,
    },
    { atMs: 18, kind: 'released', array, device: 'md125', ok: false, detail: 'mdadm --stop: busy' },
    { atMs: 19, kind: 'shell-denied', detail: 'panic=10' },
    { atMs: 20, kind: 'handover', arrays: [array, array] },
    { atMs: 21, kind: 'finished', outcome: 'up' },
  ]);
});
