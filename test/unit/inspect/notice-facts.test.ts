import { test } from 'tap';
import { downStatus, runningStatus } from '../../../src/core/inspect/array-status.ts';
import type { MachineStatus } from '../../../src/core/inspect/machine-status.ts';
import { noticeFacts } from '../../../src/core/inspect/notice-facts.ts';
import type { Report } from '../../../src/core/report/report-file.ts';
import { SAMPLE_REPORT } from '../../support/sample-report.ts';
import {
  DEGRADED_SINCE_BOOT,
  HEALTHY,
  knownArray,
  machineWith,
  OLD_IMAGE,
  ROOT,
  runningMirror,
  SPLIT_BRAIN_HELD,
} from '../../support/status-machines.ts';

const NOTHING = {
  ...{
    bootId: 'b',
    nextBootFault: null,
    failedChannels: [],
    heard: [],
    later: null,
  },
  ...{ diskNames: new Map([['sdb2', 'WDC (serial 1)']]), deviceUuids: new Map([['sdb2', 'uuid-b']]) },
};
const facts = (status: MachineStatus, more = {}) => noticeFacts(status, { ...NOTHING, ...more });
const kinds = (status: MachineStatus, more = {}) => facts(status, more).standing.map(({ kind }) => kind);

const down = (report: Report | null, verdict: Parameters<typeof downStatus>[0]['verdict'], isOurs = true) =>
  machineWith(
    downStatus(
      { uuid: ROOT, device: null, level: 'raid1', slotCount: 2, filledCount: 0, verdict },
      knownArray({ isOurs }),
      [0],
    ),
    report === null ? {} : { lastBoot: { kind: 'reported', report } },
  );

test('what is wrong, as it is told', async (t) => {
  t.same(kinds(HEALTHY), []);
  t.same(kinds(DEGRADED_SINCE_BOOT), ['degraded']);
  t.same(kinds(SPLIT_BRAIN_HELD), ['degraded', 'member-held']);
  t.same(kinds(OLD_IMAGE), ['image-outdated']);
  t.same(kinds(down(null, { kind: 'absent' })), ['not-started']);
  t.same(kinds(down(null, { kind: 'absent' }, false)), []);
  t.same(kinds(machineWith(runningStatus(runningMirror({ state: 'broken' }), knownArray()))), [
    'array-failed',
  ]);
  const unsafe = { kind: 'unsafe', reason: { code: 'dirty-degraded' }, missingRoles: [] } as const;
  t.same(kinds(down(null, unsafe)), ['question-open']);
  t.same(
    kinds(HEALTHY, {
      nextBootFault: 'without sda nothing starts',
      failedChannels: [{ name: 'mail', why: 'x' }],
    }),
    ['boot-endangered', 'channel-failed'],
  );
});

test('a question counts as open until it is answered', async (t) => {
  const asked = SAMPLE_REPORT.timeline.filter(({ kind }) => kind !== 'answered');
  t.same(kinds(down({ ...SAMPLE_REPORT, timeline: asked }, { kind: 'absent' })), ['question-open']);
  t.same(kinds(down(SAMPLE_REPORT, { kind: 'absent' })), ['not-started']);
  t.same(kinds(down({ ...SAMPLE_REPORT, outcome: 'given-back' }, { kind: 'absent' })), [
    'not-started',
    'program-gave-way',
  ]);
});

test('an engine that failed is told with the reason', async (t) => {
  const gaveWay = machineWith(runningStatus(runningMirror(), knownArray()), {
    lastBoot: { kind: 'gave-way', why: 'killed' },
  });
  t.match(facts(gaveWay).standing, [{ kind: 'program-gave-way', detail: 'killed' }]);
});

test('what the boot has reported', async (t) => {
  t.match(facts(down(SAMPLE_REPORT, null)).reported, [
    { kind: 'started-degraded' },
    { kind: 'question-answered', disks: ['/dev/sda1'], detail: 'choice 1 on tty0' },
  ]);
});

test('what was decided after the boot image counts as well', async (t) => {
  const asked = {
    ...SAMPLE_REPORT,
    timeline: SAMPLE_REPORT.timeline.filter(({ kind }) => kind !== 'answered'),
  };
  const absent = down(null, { kind: 'absent' });
  const later = (report: Report) => facts(absent, { later: report });
  t.match(later(asked).standing, [{ kind: 'question-open' }]);
  t.match(later(asked).reported, [{ kind: 'started-degraded' }]);
  t.match(later(SAMPLE_REPORT).standing, [{ kind: 'not-started' }]);
  t.match(later(SAMPLE_REPORT).reported, [{ kind: 'started-degraded' }, { kind: 'question-answered' }]);
});

test('members are known by their device UUIDs, and disks as a person knows them', async (t) => {
  const [root] = facts(SPLIT_BRAIN_HELD).arrays;
  t.same(root?.members, [
    { id: 'sda2', disk: '/dev/sda2', state: 'in-sync' },
    { id: 'uuid-b', disk: '/dev/sdb2, WDC (serial 1)', state: 'held' },
  ]);
  t.match(facts(SPLIT_BRAIN_HELD).standing[1], { key: `${ROOT}/held/uuid-b` });
  t.match(facts(DEGRADED_SINCE_BOOT).standing[0], { disks: ['WDC WD40EFRX-68N, serial WD-WCC7K1XYZ123'] });
  t.equal(facts({ ...HEALTHY, unreadable: ['sda'] }).isWhole, false);
});
