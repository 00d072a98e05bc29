import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import { formatReport, type Report } from '../../src/core/report/report-file.ts';
import type { TimelineFact, TimelineKind } from '../../src/core/report/timeline.ts';

const array = '734f71cb:0c800a0c:01020304:05060708' as MdUuid;
const runs = { array, device: 'md127', state: 'read-auto', missingCount: 1, degraded: true };

/** One entry of every kind, with a value in every field. */
const FACTS: { readonly [K in TimelineKind]: TimelineFact<K> } = {
  'engine-started': { kind: 'engine-started' },
  ledger: { kind: 'ledger', array, place: 'EFI variable', recordedAtMs: 1.76e12, events: 42, inSyncCount: 2 },
  'ledger-ignored': { kind: 'ledger-ignored', place: '/boot/efi', detail: 'cannot be read (EIO)' },
  'member-arrived': { kind: 'member-arrived', array, device: 'sda1' },
  'array-complete': { kind: 'array-complete', ...runs, missingCount: 0, degraded: false },
  'array-degraded': { kind: 'array-degraded', ...runs },
  'array-started': { kind: 'array-started', ...runs },
  notice: { kind: 'notice', array, missingRoles: [1, 'journal'], waitedMs: 10_000.5, leftMs: 10_000 },
  deadline: { kind: 'deadline', array, cause: 'wait-over', missingRoles: [1] },
  key: { kind: 'key', key: 'escape', console: 'ttyS0' },
  command: {
    kind: 'command',
    array,
    steps: [
      { path: '/sys/module/md_mod/parameters/start_dirty_degraded', value: '1' },
      { argv: ['mdadm', '--run', '/dev/md127'] },
    ],
    ok: false,
    detail: 'mdadm: failed to start array: Input/output error',
  },
  'events-lost': { kind: 'events-lost', detail: 'ended', lookEveryMs: 5000 },
  'start-failed': {
    kind: 'start-failed',
    array,
    reason: 'not-run',
    device: 'md127',
    detail: '',
    attempts: 1,
  },
  'not-startable': { kind: 'not-startable', array, reason: 'too-few', missingRoles: [0, 1] },
  asked: {
    kind: 'asked',
    array,
    reason: 'split-brain',
    choices: [{ devices: ['sda1'], events: 30, writtenMs: 1.76e12, missingRoles: [1] }],
  },
  answered: { kind: 'answered', array, choice: 1, console: 'tty0', devices: ['sda1'] },
  'shell-opened': { kind: 'shell-opened', console: 'tty0' },
  'shell-denied': { kind: 'shell-denied', detail: 'panic=10 is on the kernel command line' },
  'shell-left': { kind: 'shell-left' },
  'passphrase-opened': { kind: 'passphrase-opened' },
  'passphrase-closed': { kind: 'passphrase-closed' },
  released: { kind: 'released', array, device: 'md126', ok: true, detail: '' },
  unlisted: { kind: 'unlisted', arrays: [array] },
  handover: { kind: 'handover', arrays: [array] },
  finished: { kind: 'finished', outcome: 'handover' },
};

export const SAMPLE_REPORT: Report = {
  discoveryAtMs: 1234.5,
  outcome: 'handover',
  engine: { processStartedAtMs: 1500, firstDecisionAtMs: 1600.25, peakMemoryKiB: null },
  arrays: [{ uuid: array, name: 'r\u00f6\u009bot' }],
  timeline: Object.values(FACTS).map((fact, n) => ({ atMs: 2000 + n / 8, ...fact })),
};

export const SAMPLE_REPORT_TEXT = formatReport(SAMPLE_REPORT);

/** The same boot as schema 1 told it, in sentences. */
export const SAMPLE_REPORT_1 = JSON.stringify({
  schema: 'reliable-raid/boot/1',
  discoveryAtMs: 1000,
  outcome: 'up',
  engine: { processStartedAtMs: null, firstDecisionAtMs: null, peakMemoryKiB: null },
  arrays: [{ uuid: array, name: 'root' }],
  timeline: [
    { kind: 'engine-started' },
    { kind: 'ledger', text: 'root: EFI variable, recorded 2026-09-21 10:00 UTC: 2 in sync, 42 events' },
    { kind: 'member-arrived', array, text: 'sda1' },
    { kind: 'notice', array },
    { kind: 'key', text: 'escape on ttyS0' },
    { kind: 'deadline', array, text: 'ended by a key' },
    { kind: 'command', text: 'echo 1 > /p/dirty; mdadm --run /dev/md127; echo 0 > /p/dirty: failed: why' },
    { kind: 'command', text: 'mdadm --stop /dev/md127' },
    { kind: 'command', text: 'device events ended: gone; looking every 5 s' },
    { kind: 'start-failed', array, text: 'mdadm --run /dev/md127: mdadm: no (exit status 1)' },
    { kind: 'start-failed', array, text: 'no md device appeared for its members' },
    {
      kind: 'not-startable',
      array,
      text: 'reliable-raid: array root cannot be started: 0 of 2 members are there, too few for\n  raid1.\n  missing  role 0  DISK\n  missing  role 1  DISK',
    },
    {
      kind: 'not-startable',
      array,
      text: 'reliable-raid: array root is not started degraded by itself, as\n  configured.',
    },
    {
      kind: 'asked',
      array,
      text: 'sda1 (role 0, last written then) and sdb1 (role 1) were each used without the other',
    },
    { kind: 'asked', array, text: 'it was not shut down cleanly, so its parity may be wrong' },
    { kind: 'answered', array, text: '2 on ttyS0: sda1 sdb1' },
    { kind: 'array-started', array, degraded: true, text: 'md127 is read-auto, 1 missing' },
    { kind: 'array-complete', array, degraded: false, text: 'md126 is clean' },
    { kind: 'released', array, text: 'md125: mdadm --stop: busy' },
    { kind: 'shell-denied', text: 'panic=10' },
    { kind: 'handover', text: `${array} ${array}` },
    { kind: 'finished', text: 'up' },
    { kind: 'what nobody knows', array },
  ].map((entry, n) => ({ atMs: n, ...entry })),
});
