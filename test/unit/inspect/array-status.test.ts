import { test } from 'tap';
import { downStatus, runningStatus } from '../../../src/core/inspect/array-status.ts';
import { member } from '../../support/present-members.ts';
import { knownArray, ROOT, runningMirror } from '../../support/status-machines.ts';

const of = (level: string, raidDevices: number, gone: readonly number[], more = {}) =>
  runningStatus(
    runningMirror({
      ...{ level, raidDevices, degraded: gone.length },
      members: Array.from({ length: raidDevices }, (_, slot) => slot)
        .filter((slot) => !gone.includes(slot))
        .map((slot) => ({ device: `sd${slot}`, slot, words: ['in_sync'] })),
      ...more,
    }),
    knownArray(),
  );

test('how an array stands, and how many more disks may fail', async (t) => {
  for (const [level, count, gone, condition, more] of [
    ['raid1', 2, [], 'complete', 1],
    ['raid1', 3, [1], 'degraded', 1],
    ['raid1', 2, [1], 'degraded', 0],
    ['raid5', 3, [], 'complete', 1],
    ['raid5', 3, [2], 'degraded', 0],
    ['raid5', 3, [1, 2], 'failed', 0],
    ['raid6', 5, [2], 'degraded', 1],
    ['raid6', 5, [], 'complete', 2],
    ['raid0', 2, [], 'complete', 0],
  ] as const)
    t.match(
      of(level, count, gone),
      { condition, spareFailures: more },
      `${level} of ${count} without ${gone}`,
    );
  t.match(of('raid10', 4, [0], { layout: 0x102 }), { condition: 'degraded', spareFailures: 0 });
  t.match(of('raid10', 4, [], { layout: 0x102 }), { condition: 'complete', spareFailures: 1 });
  t.match(of('raid1', 2, [], { state: 'broken' }), { condition: 'failed' });
});

test('an array of a thousand slots is judged in no time', async (t) => {
  t.match(of('raid6', 1000, [3]), { condition: 'degraded', filledCount: 999 });
  t.match(runningStatus(runningMirror({ raidDevices: 1e9, degraded: 1e9 }), knownArray()), {
    slotCount: 1920,
    filledCount: 0,
  });
});

test('a member that is filled is a rebuild, and not missing', async (t) => {
  const filling = of('raid1', 2, [1], {
    members: [
      { device: 'sda', slot: 0, words: ['in_sync'] },
      { device: 'sdf', slot: 1, words: ['spare'] },
    ],
  });
  t.match(filling, { condition: 'rebuilding', rebuilding: ['sdf'], missing: [], filledCount: 1 });
});

test('the missing disk is the one that was there before, with its day', async (t) => {
  const [missing] = of('raid1', 2, [1]).missing;
  t.match(missing, { role: 1, disk: { serial: 'WD-WCC7K1XYZ123' }, failedDevice: null, heldDevice: null });
  t.ok((missing?.lastSeenMs ?? 0) > 0);
  const known = knownArray({
    present: [{ ...member({ number: 1, device: 'sdx', events: 1, roles: [0, 1] }), boundTo: 'md0' }],
  });
  const [other] = runningStatus(runningMirror({ degraded: 1, members: [] }), known).missing.slice(1);
  t.equal(other?.disk, null, 'a disk in use is not the missing one');
});

test('a disk that md has failed is told by its name', async (t) => {
  const failed = { device: 'sdb', slot: null, words: ['faulty'] };
  const good = { device: 'sda', slot: 0, words: ['in_sync'] };
  const one = of('raid1', 2, [1], { members: [good, failed] });
  t.match(one.missing, [{ role: 1, failedDevice: 'sdb' }]);
  const two = of('raid1', 3, [1, 2], { members: [good, failed, { ...failed, device: 'sdc' }] });
  t.match(two.missing, [{ failedDevice: null }, { failedDevice: null }], 'nobody knows which is which');
});

test('a held disk that holds the missing slot is said to be it, whoever had it before', async (t) => {
  const known = knownArray({
    held: [{ device: 'sdz2', why: 'why' }],
    members: [],
    present: [member({ number: 1, device: 'sdz2', events: 9, roles: [null, 1] })],
  });
  t.match(runningStatus(runningMirror({ degraded: 1, members: [] }), known).missing[1], {
    heldDevice: 'sdz2',
  });
});

test('a held disk that is the missing one is said to be it', async (t) => {
  const known = knownArray({
    held: [{ device: 'sdb2', why: 'why' }],
    present: [member({ number: 1, device: 'sdb2', events: 9, roles: [null, 1] })],
  });
  t.match(runningStatus(runningMirror({ degraded: 1, members: [] }), known).missing[1], {
    heldDevice: 'sdb2',
  });
});

test('what does not run lacks what its verdict says', async (t) => {
  const down = downStatus(
    {
      ...{ uuid: ROOT, device: null, level: 'raid1', slotCount: 2, filledCount: 1 },
      verdict: { kind: 'absent' },
    },
    knownArray(),
    [1],
  );
  t.match(down, { condition: 'down', missing: [{ role: 1, disk: { serial: 'WD-WCC7K1XYZ123' } }] });
});
