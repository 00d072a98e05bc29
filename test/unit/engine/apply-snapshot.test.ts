import { test } from 'tap';
import { seeSnapshot } from '../../../src/core/engine/apply-snapshot.ts';
import type { Effect } from '../../../src/core/engine/effects.ts';
import { type ArrayProgress, type Phase, progressOf } from '../../../src/core/engine/state.ts';
import { memberSet } from '../../../src/core/snapshot/member-set.ts';
import type { PresentMember, Snapshot } from '../../../src/core/snapshot/snapshot.ts';
import type { Answer } from '../../../src/core/verdict/answer.ts';
import { engineState, mdOf, memberOf } from '../../support/engine-state.ts';
import { type ArrayPlan, uuidOf, watched } from '../../support/simulated-boot.ts';

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const mirror = watched(RAID1);
const UUID = mirror.uuid;
const [first, second] = [memberOf(RAID1, 0), memberOf(RAID1, 1)];
const seenOf = (...members: readonly PresentMember[]): Snapshot => ({ members, arrays: [] });
const keyOf = (...members: readonly PresentMember[]): string => memberSet(seenOf(...members), UUID);
const entries = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.kind === 'record' ? [effect.entry] : []));
const see = (progress: Partial<ArrayProgress>, snapshot: Snapshot, atMs = 7_000) => {
  const step = seeSnapshot(
    engineState([mirror], { progress: [progress], more: { looked: false } }),
    snapshot,
    atMs,
  );
  return { ...step, progress: progressOf(step.state, UUID) };
};
const failedWith = (withMembers: string): Phase => ({
  ...{ kind: 'failed', withMembers },
  failure: { reason: 'not-run', device: 'md0', detail: '', attempts: 1 },
});

test('the first look is no arrival', async (t) => {
  const { state, effects, progress } = see({}, seenOf(first));
  t.ok(state.looked);
  t.same(state.snapshot, seenOf(first));
  t.same(effects, []);
  t.same([...(progress.seen ?? [])], ['s0.0/dev-0-0']);
  t.equal(progress.lastArrivalAtMs, null);
});

test('who comes later has arrived: once, whatever comes and goes', async (t) => {
  const came = see({ seen: new Set(['s0.0/dev-0-0']), lastArrivalAtMs: 5_000 }, seenOf(first, second));
  t.same(entries(came.effects), [{ atMs: 7_000, kind: 'member-arrived', array: UUID, device: 's0.1' }]);
  t.equal(came.progress.lastArrivalAtMs, 7_000);
  const left = seeSnapshot(came.state, seenOf(second), 8_000);
  const back = seeSnapshot(left.state, seenOf(first, second), 9_000);
  t.same([...left.effects, ...back.effects], []);
  t.equal(progressOf(back.state, UUID).lastArrivalAtMs, 7_000);
  const moved = seeSnapshot(back.state, seenOf({ ...first, device: 's9' }), 9_500);
  t.match(entries(moved.effects), [{ kind: 'member-arrived', device: 's9' }], 'on another device it is new');
});

test('members of another array, and arrays that nobody looks after, are not counted', async (t) => {
  const other: ArrayPlan = { ...RAID1, n: 1, behindPassphrase: true };
  const state = engineState([mirror, watched(other)], {
    progress: [{ seen: new Set() }, { seen: new Set() }],
  });
  const step = seeSnapshot(state, { members: [memberOf(other, 0)], arrays: [mdOf(other)] }, 7_000);
  t.same(step.effects, []);
  t.equal(progressOf(step.state, UUID).seen?.size, 0);
  t.match(progressOf(step.state, uuidOf(1)), { phase: { kind: 'waiting' } });
});

const starting = (degraded: boolean): Phase => ({ kind: 'starting', degraded });
const runs: readonly {
  readonly what: string;
  readonly progress?: Partial<ArrayProgress>;
  readonly degraded: number | null;
  readonly kind: string;
  readonly isDegraded: boolean;
  readonly said?: number;
}[] = [
  { what: 'udev started it whole', degraded: 0, kind: 'array-complete', isDegraded: false },
  { what: 'udev started it degraded', degraded: 1, kind: 'array-degraded', isDegraded: true },
  { what: 'a level without redundancy', degraded: null, kind: 'array-complete', isDegraded: false },
  {
    what: 'after a notice',
    progress: { noticed: true },
    degraded: 0,
    kind: 'array-complete',
    isDegraded: false,
    said: 0,
  },
  {
    what: 'after a notice, degraded',
    progress: { noticed: true },
    degraded: 1,
    kind: 'array-degraded',
    isDegraded: true,
    said: 1,
  },
  {
    what: 'the engine started it',
    progress: { noticed: true, phase: starting(true) },
    degraded: 1,
    kind: 'array-started',
    isDegraded: true,
  },
  {
    what: 'the engine started it whole',
    progress: { phase: starting(false) },
    degraded: 0,
    kind: 'array-started',
    isDegraded: false,
  },
  {
    what: 'the engine started it, and the last one came',
    progress: { phase: starting(true) },
    degraded: 0,
    kind: 'array-started',
    isDegraded: true,
  },
  {
    what: 'the engine started it, and one was lost',
    progress: { phase: starting(false) },
    degraded: 1,
    kind: 'array-started',
    isDegraded: true,
  },
  {
    what: 'a start had failed',
    progress: { phase: failedWith('') },
    degraded: 0,
    kind: 'array-complete',
    isDegraded: false,
  },
];

for (const { what, progress = {}, degraded, kind, isDegraded, said } of runs)
  test(`it runs: ${what}`, async (t) => {
    const snapshot = { members: [first], arrays: [mdOf(RAID1, { degraded, state: 'clean' })] };
    const up = see({ startNow: true, ...progress }, snapshot);
    t.same(entries(up.effects), [
      {
        ...{ atMs: 7_000, kind, array: UUID, degraded: isDegraded },
        ...{ device: 'md0', state: 'clean', missingCount: degraded ?? 0 },
      },
    ]);
    t.match(up.progress, { phase: { kind: 'up' }, startNow: false });
    t.same(
      up.effects.filter((effect) => effect.kind === 'say'),
      said === undefined
        ? []
        : [{ kind: 'say', message: { kind: 'up', array: mirror, missing: said, came: [] } }],
    );
    t.same(seeSnapshot(up.state, snapshot, 8_000).effects, [], 'said once');
  });

test('when it runs, who came meanwhile is named: only what is still there, by role and disk', async (t) => {
  const waiting = see({ seen: new Set(['s0.0/dev-0-0']), noticed: true }, seenOf(first, second));
  t.same([...waiting.progress.came], ['s0.1']);
  const up = seeSnapshot(waiting.state, { members: [first, second], arrays: [mdOf(RAID1)] }, 8_000);
  t.match(up.effects.find((effect) => effect.kind === 'say')?.message, {
    kind: 'up',
    came: [{ device: 's0.1', role: 1, disk: { serial: 'S01' } }],
  });
  const gone = seeSnapshot(waiting.state, { members: [first], arrays: [mdOf(RAID1)] }, 8_000);
  t.match(gone.effects.find((effect) => effect.kind === 'say')?.message, { came: [] });
});

test('an array that is there and does not run is none that runs', async (t) => {
  const { progress, effects } = see({}, { members: [], arrays: [mdOf(RAID1, { state: 'inactive' })] });
  t.equal(progress.phase.kind, 'waiting');
  t.same(effects, []);
  const other = see({}, { members: [], arrays: [mdOf({ ...RAID1, n: 1 })] });
  t.equal(other.progress.phase.kind, 'waiting');
});

test('one that ran and stopped is waited for again', async (t) => {
  t.equal(see({ phase: { kind: 'up' } }, seenOf(first)).progress.phase.kind, 'waiting');
  const still = { members: [first], arrays: [mdOf(RAID1)] };
  t.equal(see({ phase: { kind: 'up' } }, still).progress.phase.kind, 'up');
});

test('a start that failed is tried again with other members, and only then', async (t) => {
  const progress = { phase: failedWith(keyOf(first)), saidNotStartable: 'key' };
  t.match(see(progress, seenOf(first)).progress, { phase: { kind: 'failed' }, saidNotStartable: 'key' });
  for (const others of [[], [second], [first, second]])
    t.match(see(progress, seenOf(...others)).progress, {
      phase: { kind: 'waiting' },
      saidNotStartable: null,
    });
});

test('an answer holds for the members it was given for, and while its start is under way', async (t) => {
  const answer: Answer = { devices: new Set(['s0.0']), accepts: new Set(), whenPresent: keyOf(first) };
  t.equal(see({ answer }, seenOf(first)).progress.answer, answer);
  t.equal(see({ answer }, seenOf(first, second)).progress.answer, null);
  t.equal(see({ answer }, seenOf()).progress.answer, null);
  t.equal(see({ answer, phase: starting(true) }, seenOf(first, second)).progress.answer, answer);
});
