import t from 'tap';
import { parseAnyReport } from '../../../src/core/report/any-report.ts';
import { SAMPLE_REPORT, SAMPLE_REPORT_1 } from '../../support/sample-report.ts';

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
