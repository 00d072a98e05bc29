import fc from 'fast-check';
import { test } from 'tap';
import { deadlineAtMs, handoverAtMs, isDue, waitMsOf } from '../../../src/core/engine/deadlines.ts';
import { type ArrayProgress, type EngineOptions, progressOf } from '../../../src/core/engine/state.ts';
import type { EngineRun } from '../../../src/core/explain/run-engine.ts';
import { engineState } from '../../support/engine-state.ts';
import {
  type ArrayPlan,
  DEFAULT_OPTIONS,
  type Happening,
  simulate,
  uuidOf,
  watched,
} from '../../support/simulated-boot.ts';

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const array = watched(RAID1);
const progressWith = (progress: Partial<ArrayProgress>): ArrayProgress =>
  progressOf(engineState([array], { progress: [progress] }), array.uuid);
const deadline = (progress: Partial<ArrayProgress>, options: Partial<EngineOptions> = {}): number | null =>
  deadlineAtMs(array, progressWith(progress), { ...DEFAULT_OPTIONS, startedAtMs: 1_000, ...options });

test('the wait of an array is its own, unless this boot has another one', async (t) => {
  t.equal(waitMsOf(array, DEFAULT_OPTIONS), 20_000);
  t.equal(waitMsOf(array, { ...DEFAULT_OPTIONS, waitMs: 7 }), 7);
  t.equal(waitMsOf(array, { ...DEFAULT_OPTIONS, waitMs: 0 }), 0, 'none at all is a wait too');
});

const deadlines: readonly {
  readonly what: string;
  readonly lastArrivalAtMs?: number;
  readonly watchedFromMs?: number;
  readonly options?: Partial<EngineOptions>;
  readonly atMs: number;
}[] = [
  { what: 'nobody has arrived', atMs: 21_000 },
  { what: 'this boot has another wait', options: { waitMs: 3_000 }, atMs: 4_000 },
  { what: 'an early arrival shortens nothing', lastArrivalAtMs: 2_000, atMs: 21_000 },
  { what: 'five seconds before its end', lastArrivalAtMs: 16_000, atMs: 21_000 },
  { what: 'less than five before its end', lastArrivalAtMs: 16_001, atMs: 21_001 },
  { what: 'after its end', lastArrivalAtMs: 40_000, atMs: 45_000 },
  {
    what: 'no longer than the longest wait',
    lastArrivalAtMs: 28_000,
    options: { maxWaitMs: 30_000 },
    atMs: 31_000,
  },
  {
    what: 'its own wait is longer than the longest',
    lastArrivalAtMs: 20_000,
    options: { maxWaitMs: 5_000 },
    atMs: 21_000,
  },
  {
    what: 'a short wait is extended shortly',
    lastArrivalAtMs: 2_500,
    options: { waitMs: 2_000 },
    atMs: 4_500,
  },
  { what: 'the engine comes in time', options: { startedAtMs: 16_000 }, atMs: 21_000 },
  { what: 'the engine comes shortly before its end', options: { startedAtMs: 19_000 }, atMs: 23_000 },
  { what: 'the engine comes after its end', options: { startedAtMs: 40_000 }, atMs: 44_000 },
  {
    what: 'the engine comes after its end, and a member after it',
    lastArrivalAtMs: 43_000,
    options: { startedAtMs: 40_000 },
    atMs: 48_000,
  },
  { what: 'half of a short wait', options: { startedAtMs: 40_000, waitMs: 4_000 }, atMs: 42_000 },
  { what: 'no wait, and a late engine', options: { startedAtMs: 40_000, waitMs: 0 }, atMs: 40_000 },
  {
    what: 'an earlier run of the engine has watched it',
    options: { startedAtMs: 40_000, alreadyTold: new Set([array.uuid]) },
    atMs: 21_000,
  },
  { what: 'four seconds after one below was given up', watchedFromMs: 30_000, atMs: 34_000 },
  { what: 'one below was given up early: the wait is what it was', watchedFromMs: 9_000, atMs: 21_000 },
  { what: 'no wait is not extended', lastArrivalAtMs: 2_500, options: { waitMs: 0 }, atMs: 2_500 },
];

for (const { what, lastArrivalAtMs = null, watchedFromMs = null, options, atMs } of deadlines)
  test(`the deadline: ${what}`, async (t) => {
    t.equal(deadline({ waitBeganAtMs: 1_000, lastArrivalAtMs, watchedFromMs }, options), atMs);
  });

test('no deadline before its wait has begun', async (t) => {
  t.equal(deadline({ waitBeganAtMs: null, lastArrivalAtMs: 9_000 }), null);
  for (const startNow of [false, true])
    t.notOk(isDue(array, progressWith({ startNow }), DEFAULT_OPTIONS, 1e12), 'and no key ends it');
});

test('it is due at its deadline, or when a person says so', async (t) => {
  const due = (nowMs: number, startNow = false): boolean =>
    isDue(array, progressWith({ waitBeganAtMs: 1_000, startNow }), DEFAULT_OPTIONS, nowMs);
  t.same([due(20_999), due(21_000), due(21_001), due(1_001, true)], [false, true, true, true]);
});

test('the deadline lies between the plain wait and the longest one, and no arrival brings it forward', async (t) => {
  const ms = fc.integer({ min: 0, max: 300_000 });
  fc.assert(
    fc.property(ms, ms, ms, ms, ms, (waitBeganAtMs, waitMs, maxWaitMs, first, second) => {
      const options = { waitMs, maxWaitMs, startedAtMs: waitBeganAtMs };
      const at = (lastArrivalAtMs: number | null) =>
        deadline({ waitBeganAtMs, lastArrivalAtMs }, options) ?? Number.NaN;
      const [early, late] = [at(Math.min(first, second)), at(Math.max(first, second))];
      return (
        at(null) === waitBeganAtMs + waitMs &&
        at(null) <= early &&
        early <= late &&
        late <= waitBeganAtMs + Math.max(waitMs, maxWaitMs)
      );
    }),
  );
  t.pass('100 waits');
});

const handovers: readonly {
  readonly what: string;
  readonly progress: readonly Partial<ArrayProgress>[];
  readonly options?: Partial<EngineOptions>;
  /** When a person was asked about the first. */
  readonly askedAtMs?: number | null;
  readonly atMs: number;
}[] = [
  { what: 'nothing is waited for', progress: [], atMs: 34_000 },
  { what: "within the generator's own patience", progress: [{ waitBeganAtMs: 1_000 }], atMs: 34_000 },
  { what: 'a wait that has not begun', progress: [{ waitBeganAtMs: null }], atMs: 34_000 },
  { what: 'ten seconds after a deadline', progress: [{ waitBeganAtMs: 10_000 }], atMs: 40_000 },
  {
    what: 'after the last of the deadlines',
    progress: [{ waitBeganAtMs: 30_000 }, { waitBeganAtMs: 10_000 }],
    atMs: 60_000,
  },
  {
    what: 'a wait that was over before the engine came',
    progress: [{ waitBeganAtMs: 1_000 }],
    options: { startedAtMs: 40_000 },
    atMs: 54_000,
  },
  {
    what: 'one of which an earlier run has said so',
    progress: [{ waitBeganAtMs: 15_000 }],
    options: { startedAtMs: 40_000, alreadyTold: new Set([uuidOf(0)]) },
    atMs: 45_000,
  },
  {
    what: 'the longest wait after the question',
    progress: [{ waitBeganAtMs: 1_000 }],
    askedAtMs: 11_000,
    atMs: 191_000,
  },
  {
    what: 'a question that was asked long ago',
    progress: [{ waitBeganAtMs: 190_000 }],
    askedAtMs: 11_000,
    atMs: 220_000,
  },
  { what: 'a question without a time', progress: [{}], askedAtMs: null, atMs: 180_000 },
];

for (const { what, progress, options = {}, askedAtMs, atMs } of handovers)
  test(`the boot gives up: ${what}`, async (t) => {
    const arrays = progress.map((_, n) => watched({ ...RAID1, n }));
    const question =
      askedAtMs === undefined
        ? null
        : {
            ...{ uuid: uuidOf(0), key: '', picked: null },
            question: { reason: { code: 'reshape' as const }, missingRoles: [], choices: [] },
          };
    const asked = progress.map((each) => ({ ...each, askedAtMs: askedAtMs ?? null }));
    t.equal(
      handoverAtMs(arrays, engineState(arrays, { options, progress: asked, more: { question } })),
      atMs,
    );
  });

const arrives = (atMs: number, n: number, role: number): Happening => ({ atMs, kind: 'arrives', n, role });
const at = (run: EngineRun, kind: string): number | undefined =>
  run.timeline.find((entry) => entry.kind === kind)?.atMs;

test('a member that arrives late in the wait extends it by 5 s', async (t) => {
  const run = simulate(
    [{ n: 0, level: 6, raidDevices: 5 }],
    [arrives(1500, 0, 0), arrives(1500, 0, 1), arrives(1500, 0, 2), arrives(19_000, 0, 3)],
  );
  t.equal(at(run, 'deadline'), 24_000);
});

test('enough of them come after the deadline: started then', async (t) => {
  const run = simulate([{ n: 0, level: 5, raidDevices: 3 }], [arrives(1500, 0, 0), arrives(29_000, 0, 1)]);
  t.equal(run.outcome, 'up');
  t.equal(at(run, 'deadline'), 34_000, 'five seconds for others that may come with it');
});
