import { test } from 'tap';
import { judgeLateMembers } from '../../../src/core/inspect/late-members.ts';
import type { KeptBoot } from '../../../src/core/report/kept-boot.ts';
import type { Report } from '../../../src/core/report/report-file.ts';
import { uuidOf, watched } from '../../support/simulated-boot.ts';

const MIRROR = watched({ n: 1, level: 1, raidDevices: 2 });

/** Members of array 1 that came, seconds after discovery. */
function bootOf(bootedAtMs: number, ...cameS: readonly number[]): KeptBoot {
  const image: Report = {
    ...{ discoveryAtMs: 3000, outcome: 'up', engine: null, arrays: [] },
    timeline: cameS.map((s, n) => ({
      ...{ atMs: 3000 + s * 1000, kind: 'member-arrived', array: uuidOf(1), device: `sd${n}` },
    })),
  };
  const reports = { image, others: null, byHand: null };
  return { bootId: `${bootedAtMs}`, bootedAtMs, reports, isWhole: true, cutEntries: 0 };
}

test('a disk that came when the wait was nearly over: a longer one is recommended', async (t) => {
  const found = judgeLateMembers([bootOf(1, 2), bootOf(2, 4, 18), bootOf(3, 16)], [MIRROR]);
  t.match(found, [{ device: 'sd1', cameAfterMs: 18_000, bootedAtMs: 2, enoughS: 30 }]);
  t.equal(found.length, 1);
  t.match(judgeLateMembers([bootOf(1, 24)], [MIRROR]), [{ enoughS: 40 }], 'others kept the boot for longer');
});

test('nothing where the wait is long enough, nobody came late, or another wait counts', async (t) => {
  t.same(judgeLateMembers([bootOf(1, 15)], [MIRROR]), []);
  t.same(judgeLateMembers([bootOf(1, 18)], [{ ...MIRROR, waitMs: 60_000 }]), []);
  t.same(judgeLateMembers([], [MIRROR]), []);
  t.same(judgeLateMembers([bootOf(1, 18)], [watched({ n: 2, level: 1, raidDevices: 2 })]), []);
  t.same(judgeLateMembers([bootOf(1, 18)], [{ ...MIRROR, standsOn: [uuidOf(2)] }]), []);
  t.same(judgeLateMembers([bootOf(1, 18)], [{ ...MIRROR, behindPassphrase: true }]), []);
  const none = { ...bootOf(1), reports: { image: null, others: null, byHand: null } };
  t.same(judgeLateMembers([none], [MIRROR]), []);
});
