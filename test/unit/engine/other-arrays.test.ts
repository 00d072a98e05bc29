import fc from 'fast-check';
import { test } from 'tap';
import { DEFAULT_POLICIES } from '../../../src/core/configuration/array-policies.ts';
import {
  idleArrays,
  isBegun,
  isOfAnotherMachine,
  type OtherArrays,
  otherArrays,
} from '../../../src/core/engine/other-arrays.ts';
import type { EngineOptions } from '../../../src/core/engine/state.ts';
import type { Key } from '../../../src/core/keys/key.ts';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import { mdOf, memberOf } from '../../support/engine-state.ts';
import { type ArrayPlan, arrives, at, simulate, touched, uuidOf } from '../../support/simulated-boot.ts';

const HOME: ArrayPlan = { n: 1, level: 1, raidDevices: 2, listed: false };
const DATA: ArrayPlan = { ...HOME, n: 2 };
const OTHERS: OtherArrays = {
  policies: DEFAULT_POLICIES,
  degraded: null,
  ledgers: [],
  dateMs: 0,
  hostNames: ['box'],
  recorded: new Set([uuidOf(1), uuidOf(2)]),
  listed: new Map(),
};
/** The image has waited until 22 s; the devices are there since. */
const after: Partial<EngineOptions> = {
  ...{ scope: 'all', startedAtMs: 24_000, generatorLimitAtMs: 24_000, lastChanceMs: 0 },
  noticeAfterMs: Number.POSITIVE_INFINITY,
};
const withOthers = (others: Partial<OtherArrays> = {}, more: Partial<EngineOptions> = {}) => ({
  ...after,
  ...more,
  others: { ...OTHERS, ...others },
});

test('nothing to decide: it ends at its first look', async (t) => {
  const run = simulate([HOME, DATA], [...arrives(1500, 1, 0, 1), ...arrives(1500, 2, 0, 1)], withOthers());
  t.equal(run.outcome, 'up');
  t.ok(run.endMs < 24_100, `${run.endMs}`);
  t.same(run.said, []);
});

test('what was missing in the image as long is not waited for again', async (t) => {
  const run = simulate([HOME, DATA], [...arrives(1500, 1, 0), ...arrives(1500, 2, 1)], withOthers());
  t.equal(run.outcome, 'up');
  t.same(touched(run), [uuidOf(1), uuidOf(2)]);
  t.equal(at(run, 'deadline'), 28_000, 'what drivers of the real root bring has 4 s');
  const policies = { ...DEFAULT_POLICIES, general: { waitMs: 0, degraded: 'start' as const } };
  t.equal(at(simulate([HOME], arrives(1500, 1, 0), withOthers({ policies })), 'deadline'), 24_000);
});

test('the rest of the wait counts from discovery, and a member in time makes it whole', async (t) => {
  const early = { startedAtMs: 5000 };
  const run = simulate([HOME], arrives(1500, 1, 0), withOthers({}, early));
  t.equal(at(run, 'deadline'), 21_000);
  const late = simulate([HOME], [...arrives(1500, 1, 0), ...arrives(15_000, 1, 1)], withOthers({}, early));
  t.same(touched(late), []);
  t.equal(late.outcome, 'up');
  t.equal(late.endMs, 15_000);
});

test('what comes later has a wait of its own', async (t) => {
  const happenings = [...arrives(1500, 1, 0), ...arrives(18_000, 2, 0)];
  const run = simulate([HOME, DATA], happenings, withOthers({}, { startedAtMs: 5000 }));
  const deadlines = run.timeline.filter(({ kind }) => kind === 'deadline').map(({ atMs }) => atMs);
  t.same(deadlines, [21_000, 38_000]);
});

test('never and ask: not started, told once, and nobody is asked', async (t) => {
  for (const degraded of ['never', 'ask'] as const) {
    const policies = { ...DEFAULT_POLICIES, general: { waitMs: 20_000, degraded } };
    const run = simulate([HOME], arrives(1500, 1, 0), withOthers({ policies }));
    t.same(touched(run), [], degraded);
    t.same(
      run.said.map(({ kind }) => kind),
      ['not-startable'],
      degraded,
    );
    t.equal(run.outcome, 'up', degraded);
  }
});

/** systemd holds the boot from its start on. */
const held = [{ atMs: 5500, kind: 'held', held: true }] as const;
const early = { startedAtMs: 5000, noticeAfterMs: 10_000, shellDenied: { by: 'systemd' } } as const;

test('while systemd holds the boot, people are told at the consoles, and a key counts', async (t) => {
  const plain = simulate([HOME], [...arrives(1500, 1, 0), ...held], withOthers({}, early));
  t.equal(at(plain, 'notice'), 11_000);
  t.equal(at(plain, 'deadline'), 21_000);
  t.match(plain.said, [{ kind: 'notice', canStart: true }, { kind: 'starting' }, { kind: 'runs-degraded' }]);
  const key = { atMs: 12_000, kind: 'key', key: 'escape' } as const;
  const hurried = simulate([HOME], [...arrives(1500, 1, 0), ...held, key], withOthers({}, early));
  t.equal(at(hurried, 'deadline'), 12_000);
  t.equal(hurried.outcome, 'up');
});

test('when it does so no longer, nothing is asked and no key counts', async (t) => {
  const released = { atMs: 11_500, kind: 'held', held: false } as const;
  const key = { atMs: 12_000, kind: 'key', key: 'escape' } as const;
  const run = simulate([HOME], [...arrives(1500, 1, 0), ...held, released, key], withOthers({}, early));
  t.equal(at(run, 'deadline'), 21_000);
  t.equal(run.state.question, null);
  const unheld = simulate([HOME], [...arrives(1500, 1, 0), key], withOthers({}, early));
  t.equal(at(unheld, 'notice'), undefined);
  t.equal(at(unheld, 'deadline'), 21_000);
});

/** systemd has waited for 90 s. */
const timedOut = { atMs: 95_000, kind: 'held', held: false } as const;
const typed = (atMs: number, ...keys: readonly Key[]) =>
  keys.map((key) => ({ atMs, kind: 'key', key }) as const);

test('degraded = "ask": a key starts it for as long as systemd holds the boot, and nothing does after', async (t) => {
  const policies = { ...DEFAULT_POLICIES, general: { waitMs: 20_000, degraded: 'ask' as const } };
  const others = withOthers({ policies }, early);
  const happenings = [...arrives(1500, 1, 0), ...held, timedOut];
  const ignored = simulate([HOME], happenings, others);
  t.match(ignored.said[0], { kind: 'notice', canStart: true });
  t.same(touched(ignored), []);
  t.equal(ignored.outcome, 'up');
  t.equal(ignored.endMs, timedOut.atMs);
  const told = simulate([HOME], [...happenings, ...typed(60_000, 'd')], others);
  t.same(touched(told), [uuidOf(1)], 'long after its own wait');
  t.ok(told.endMs < 61_000, `${told.endMs}`);
});

test('a question stands on the consoles until it is answered, or systemd gives up', async (t) => {
  const inSync = [0, 1].map((role) => ({ deviceUuid: `dev-1-${role}`, role }));
  const entry = { arrayUuid: uuidOf(1), recordedAtMs: 1, events: 500, updateTimeMs: 1, inSync };
  const stale = withOthers({ ledgers: [{ entries: [entry] }] }, early);
  const happenings = [...arrives(1500, 1, 0), ...held, timedOut];
  const ignored = simulate([HOME], happenings, stale);
  t.match(ignored.said[0], { kind: 'question' });
  t.same(touched(ignored), []);
  t.equal(ignored.endMs, timedOut.atMs);
  t.equal(ignored.state.question, null);
  const answered = simulate([HOME], [...happenings, ...typed(60_000, '1', 'y')], stale);
  t.same(touched(answered), [uuidOf(1)]);
  t.same(touched(simulate([HOME], [...arrives(1500, 1, 0), ...typed(60_000, '1', 'y')], stale)), []);
});

test('whatever comes, it ends when systemd holds the boot no longer, and starts nothing too early', async () => {
  const policy = fc.constantFrom('start' as const, 'ask' as const, 'never' as const);
  const happening = fc.oneof(
    fc.record({
      atMs: fc.integer({ min: 5001, max: 90_000 }),
      kind: fc.constant('held' as const),
      held: fc.boolean(),
    }),
    fc.record({
      atMs: fc.integer({ min: 5001, max: 90_000 }),
      kind: fc.constant('key' as const),
      key: fc.constantFrom<Key>('escape', 'd', 'return', '1', 'y', 'n'),
    }),
    fc.record({
      atMs: fc.integer({ min: 1, max: 90_000 }),
      kind: fc.constantFrom('arrives' as const, 'leaves' as const),
      n: fc.constantFrom(1, 2),
      role: fc.constantFrom(0, 1),
    }),
  );
  fc.assert(
    fc.property(policy, fc.array(happening, { maxLength: 12 }), (degraded, happenings) => {
      const policies = { ...DEFAULT_POLICIES, general: { waitMs: 20_000, degraded } };
      const run = simulate(
        [HOME, DATA],
        [...arrives(1500, 1, 0), ...happenings, timedOut],
        withOthers({ policies }, early),
      );
      if (run.outcome === null) throw new Error('it does not end');
      const causes = run.timeline.flatMap((one) =>
        one.kind === 'deadline' ? [[one.cause, one.atMs] as const] : [],
      );
      if (degraded === 'never' && causes.length > 0) throw new Error('never');
      for (const [cause, atMs] of causes) {
        if (cause === 'wait-over' && degraded === 'ask') throw new Error('nobody said so');
        if (cause === 'wait-over' && atMs < 21_000) throw new Error(`at ${atMs}`);
        if (cause === 'key' && !happenings.some((one) => one.kind === 'held' && one.held && one.atMs <= atMs))
          throw new Error('a key that was meant for somebody else');
      }
    }),
  );
});

test('what is never started by itself holds no boot of ours: no notice', async (t) => {
  const policies = { ...DEFAULT_POLICIES, general: { waitMs: 20_000, degraded: 'never' as const } };
  const run = simulate([HOME], [...arrives(1500, 1, 0), ...held], withOthers({ policies }, early));
  t.equal(at(run, 'notice'), undefined);
  t.equal(run.outcome, 'up');
});

test('what nothing mounts is left alone where the configuration says so, and what is mounted is not', async (t) => {
  const policies = { ...DEFAULT_POLICIES, unmounted: 'never' as const, mounted: new Set([uuidOf(2)]) };
  const happenings = [...arrives(1500, 1, 0), ...arrives(1500, 2, 0)];
  t.same(touched(simulate([HOME, DATA], happenings, withOthers({ policies }))), [uuidOf(2)]);
  const started = withOthers({ policies, degraded: 'start' });
  t.same(touched(simulate([HOME, DATA], happenings, started)), [uuidOf(1), uuidOf(2)], 'the command line');
});

test('of another machine: whole it may run, half it is left alone', async (t) => {
  const recorded = new Set<MdUuid>();
  const half = simulate([HOME], arrives(1500, 1, 0), withOthers({ recorded, degraded: 'start' }));
  t.same(touched(half), []);
  t.match(half.said, [{ kind: 'not-startable' }]);
  const policies = { ...DEFAULT_POLICIES, sections: [{ key: uuidOf(1), degraded: 'start' as const }] };
  const named = simulate([HOME], arrives(1500, 1, 0), withOthers({ recorded, policies }));
  t.same(touched(named), [uuidOf(1)], 'an administrator has named it');
});

test('what a person has stopped is not started again', async (t) => {
  const { superblock } = memberOf(HOME, 0);
  t.same(otherArrays({ members: [memberOf(HOME, 0), memberOf(HOME, 1)], arrays: [] }, OTHERS), []);
  t.notOk(isBegun(superblock.arrayUuid, { members: [memberOf(HOME, 0)], arrays: [] }));
  const unassembled: ArrayPlan = { ...HOME, assembled: false };
  const run = simulate([unassembled], arrives(1500, 1, 0), withOthers());
  t.same(touched(run), []);
  t.same(run.said, []);
});

test('taken up: what is assembled in part, and what the gate holds; nothing that runs or cannot be judged', async (t) => {
  const bound = memberOf(HOME, 0, 'md1');
  const inactive = mdOf(HOME, { state: 'inactive', degraded: null });
  const found = (snapshot: Parameters<typeof otherArrays>[0]) =>
    otherArrays(snapshot, OTHERS).map(({ uuid }) => uuid);
  t.same(found({ members: [bound], arrays: [inactive] }), [uuidOf(1)]);
  t.same(found({ members: [{ ...memberOf(HOME, 0), isHeld: true }], arrays: [] }), [uuidOf(1)]);
  t.same(found({ members: [bound], arrays: [mdOf(HOME)] }), []);
  t.same(found({ members: [], arrays: [inactive] }), []);
  t.same(found({ members: [bound], arrays: [{ ...inactive, external: true }] }), []);
  const odd = memberOf(HOME, 0, 'md1', { level: -4 });
  t.same(found({ members: [odd], arrays: [inactive] }), []);
});

test('a person may start what is not assembled too, and nothing that runs', async (t) => {
  const ofHome = [memberOf(HOME, 0), memberOf(HOME, 1)];
  t.same(
    idleArrays({ members: ofHome, arrays: [] }, OTHERS).map(({ uuid }) => uuid),
    [uuidOf(1)],
  );
  t.same(idleArrays({ members: ofHome, arrays: [mdOf(HOME)] }, OTHERS), []);
});

test('what stands on arrays comes last', async (t) => {
  const upper = { ...memberOf(HOME, 0, 'md1'), device: 'md5' };
  const snapshot = {
    members: [upper, memberOf(DATA, 0, 'md2')],
    arrays: [HOME, DATA].map((plan) => mdOf(plan, { state: 'inactive', degraded: null })),
  };
  t.same(
    otherArrays(snapshot, OTHERS).map(({ uuid }) => uuid),
    [uuidOf(2), uuidOf(1)],
  );
});

test('what was last seen of its members counts', async (t) => {
  const inSync = [0, 1].map((role) => ({ deviceUuid: `dev-1-${role}`, role }));
  const entry = { arrayUuid: uuidOf(1), recordedAtMs: 1, events: 500, updateTimeMs: 1, inSync };
  const ledgers = [{ entries: [entry] }];
  const run = simulate([HOME], arrives(1500, 1, 0), withOthers({ ledgers }));
  t.same(touched(run), [], 'far behind the ledger: data from the past');
  t.match(run.said, [{ kind: 'not-startable', verdict: { kind: 'unsafe', reason: { code: 'stale' } } }]);
});

test('whose array it is', async (t) => {
  const unknown = { hostNames: ['box'], recorded: new Set<MdUuid>() };
  const uuid = uuidOf(1);
  for (const [name, isLocal, recorded, foreign] of [
    ['box:home', false, false, false],
    ['other:home', false, false, true],
    ['other:home', true, false, false],
    ['other:home', false, true, false],
    ['home', false, false, true],
    ['', false, false, true],
    ['', true, false, false],
    [':home', false, false, true],
    ['any:home', false, false, false],
  ] as const) {
    const known = recorded ? { ...unknown, recorded: new Set([uuid]) } : unknown;
    t.equal(isOfAnotherMachine(uuid, name, isLocal ? [{ isLocal }] : [{}], known), foreign, `"${name}"`);
  }
});
