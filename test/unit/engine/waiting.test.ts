import { test } from 'tap';
import type { ArrayProgress, EngineOptions } from '../../../src/core/engine/state.ts';
import { policyOf, waitingArrays } from '../../../src/core/engine/waiting.ts';
import { memberSet } from '../../../src/core/snapshot/member-set.ts';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import type { Answer } from '../../../src/core/verdict/answer.ts';
import type { WatchedArray } from '../../../src/core/watchlist/watchlist.ts';
import { engineState, mdOf, memberOf } from '../../support/engine-state.ts';
import { type ArrayPlan, uuidOf, watched } from '../../support/simulated-boot.ts';

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const mirror = watched(RAID1);
const one = [memberOf(RAID1, 0)];
const both = [memberOf(RAID1, 0), memberOf(RAID1, 1)];
const ran = { waitBeganAtMs: 1_000 };
const failed: Partial<ArrayProgress> = {
  phase: {
    ...{ kind: 'failed', withMembers: '' },
    failure: { reason: 'not-run', device: 'md0', detail: '', attempts: 1 },
  },
};
/** Role 1 was out before: the superblock says so, and so does the image. */
const alone: readonly PresentMember[] = [
  memberOf(RAID1, 0, null, { slots: ['active', 'missing'], slotHolders: [[0], []] }),
];
const wasDegraded: WatchedArray = {
  ...mirror,
  members: mirror.members.map((each) => ({
    ...each,
    ledger: { ...each.ledger, inSync: each.role === 0 },
  })),
};
/** The image has seen more of the other half than the present one has. */
const moved: WatchedArray = {
  ...mirror,
  members: mirror.members.map((each) => ({
    ...each,
    ledger: { ...each.ledger, events: each.role === 1 ? 500 : 10 },
  })),
};
const chosen = (members: readonly PresentMember[], when = members): Answer => ({
  devices: new Set(members.map(({ device }) => device)),
  accepts: new Set(['split-brain', 'stale', 'duplicate-members']),
  whenPresent: memberSet({ members: when, arrays: [] }, mirror.uuid),
});

const rows: readonly {
  readonly what: string;
  readonly array?: WatchedArray;
  readonly members: readonly PresentMember[];
  readonly progress?: Partial<ArrayProgress>;
  readonly options?: Partial<EngineOptions>;
  readonly nowMs?: number;
  readonly verdict: string;
  readonly due: boolean;
  readonly willStart: boolean;
  readonly asks?: boolean;
}[] = [
  { what: 'one missing, in its wait', members: one, verdict: 'startable', due: false, willStart: true },
  {
    what: 'one missing, at its deadline',
    members: one,
    nowMs: 21_000,
    verdict: 'startable',
    due: true,
    willStart: true,
  },
  { what: 'none missing', members: both, verdict: 'complete', due: false, willStart: true },
  { what: 'all missing', members: [], nowMs: 21_000, verdict: 'absent', due: true, willStart: false },
  {
    what: 'too few',
    array: watched({ ...RAID1, level: 0 }),
    members: [memberOf({ ...RAID1, level: 0 }, 0)],
    verdict: 'insufficient',
    due: false,
    willStart: false,
  },
  {
    what: 'ask',
    array: { ...mirror, degraded: 'ask' },
    members: one,
    verdict: 'startable',
    due: false,
    willStart: false,
  },
  {
    what: 'ask, and a key',
    array: { ...mirror, degraded: 'ask' },
    members: one,
    progress: { ...ran, startNow: true },
    verdict: 'startable',
    due: true,
    willStart: true,
  },
  {
    what: 'ask, and none missing',
    array: { ...mirror, degraded: 'ask' },
    members: both,
    verdict: 'complete',
    due: false,
    willStart: true,
  },
  {
    what: 'never, and a key',
    array: { ...mirror, degraded: 'never' },
    members: one,
    progress: { ...ran, startNow: true },
    verdict: 'startable',
    due: true,
    willStart: false,
  },
  {
    what: 'never, and this boot says start',
    array: { ...mirror, degraded: 'never' },
    members: one,
    options: { degraded: 'start' },
    verdict: 'startable',
    due: false,
    willStart: true,
  },
  {
    what: 'start, and this boot says never',
    members: one,
    options: { degraded: 'never' },
    verdict: 'startable',
    due: false,
    willStart: false,
  },
  {
    what: 'degraded as it was',
    array: wasDegraded,
    members: alone,
    verdict: 'startable',
    due: true,
    willStart: true,
  },
  {
    what: 'degraded as it was, on something that is not settled',
    array: wasDegraded,
    members: alone,
    progress: { waitBeganAtMs: null },
    verdict: 'startable',
    due: false,
    willStart: true,
  },
  {
    what: 'the missing one is present, and was left behind',
    members: [alone[0] as PresentMember, memberOf(RAID1, 1, null, { events: 4 })],
    verdict: 'startable',
    due: true,
    willStart: true,
  },
  {
    what: 'too few, and everyone is in sight',
    array: watched({ ...RAID1, level: 0 }),
    members: [memberOf({ ...RAID1, level: 0 }, 0), memberOf({ ...RAID1, level: 0 }, 1, null, { events: 4 })],
    verdict: 'insufficient',
    due: true,
    willStart: false,
  },
  {
    what: 'everyone is in sight, on something that is not settled',
    members: [alone[0] as PresentMember, memberOf(RAID1, 1, null, { events: 4 })],
    progress: { waitBeganAtMs: null },
    verdict: 'startable',
    due: false,
    willStart: true,
  },
  {
    what: 'a start has failed',
    members: one,
    progress: { ...ran, ...failed },
    verdict: 'startable',
    due: false,
    willStart: false,
  },
  {
    what: 'a start of all has failed',
    members: both,
    progress: { ...ran, ...failed },
    verdict: 'complete',
    due: false,
    willStart: false,
  },
  {
    what: 'older than the image has seen',
    array: moved,
    members: alone,
    verdict: 'unsafe',
    due: false,
    willStart: false,
    asks: true,
  },
  {
    what: 'older, and its start has failed',
    array: moved,
    members: alone,
    progress: { ...ran, ...failed },
    verdict: 'unsafe',
    due: false,
    willStart: false,
  },
  {
    what: 'older, and started all the same as configured',
    array: moved,
    members: alone,
    options: { stale: 'start' },
    verdict: 'startable',
    due: false,
    willStart: true,
  },
  {
    what: 'older, and chosen, whatever the policy',
    array: { ...moved, degraded: 'never' },
    members: alone,
    progress: { ...ran, answer: chosen(alone) },
    verdict: 'startable',
    due: true,
    willStart: true,
  },
  {
    what: 'older, and chosen while others were present',
    array: moved,
    members: alone,
    progress: { ...ran, answer: chosen(alone, both) },
    verdict: 'unsafe',
    due: false,
    willStart: false,
    asks: true,
  },
  {
    what: 'never, and chosen while others were present',
    array: { ...mirror, degraded: 'never' },
    members: one,
    progress: { ...ran, answer: chosen(one, both) },
    verdict: 'startable',
    due: false,
    willStart: false,
  },
];

for (const { what, array = mirror, members, progress = ran, options = {}, nowMs = 20_999, ...wanted } of rows)
  test(what, async (t) => {
    const state = engineState([array], { members, progress: [progress], options });
    const [each, ...others] = waitingArrays(state, nowMs);
    t.same(others, []);
    t.equal(each?.array, array);
    t.same(
      {
        ...{ verdict: each?.verdict.kind, due: each?.due, willStart: each?.willStart },
        asks: each?.question !== null,
      },
      { asks: false, ...wanted },
    );
  });

test('an array that runs is not waited for, nor one that this run does not look after', async (t) => {
  const plans = [RAID1, { ...RAID1, n: 1, behindPassphrase: true }, { ...RAID1, n: 2 }];
  const namesOf = (scope: 'before-passphrase' | 'all') =>
    waitingArrays(
      engineState(plans.map(watched), {
        options: { scope },
        present: [mdOf(RAID1)],
        progress: [{ phase: { kind: 'up' } }],
      }),
      5_000,
    ).map(({ array }) => array.name);
  t.same(namesOf('before-passphrase'), ['a2']);
  t.same(namesOf('all'), ['a1', 'a2']);
});

test("this boot's policy replaces the array's", async (t) => {
  const array: WatchedArray = { ...mirror, uuid: uuidOf(0), degraded: 'ask' };
  t.equal(policyOf(array, engineState([array])), 'ask');
  t.equal(policyOf(array, engineState([array], { options: { degraded: 'never' } })), 'never');
});
