import { test } from 'tap';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import type { TimelineEntry } from '../../../src/core/report/timeline.ts';
import type { BootSeen, Forecast } from '../../boot/machines/boot-seen.ts';
import { newCopies } from '../../boot/machines/copies.ts';
import { type BootToJudge, violationsOf } from '../../boot/machines/judge.ts';
import type { MachinePlan } from '../../boot/machines/machine-plan.ts';
import { array, plainMachine } from '../../boot/machines/plain-machine.ts';

const uuid = '11111111:22222222:33333333:44444444' as MdUuid;
const mirror = (name: string, ...members: string[]) => array(name, 'raid1', ...members);
const plan: MachinePlan = {
  ...plainMachine(4, [mirror('md0', 'disk1', 'disk2')]),
  others: [mirror('md8', 'disk3', 'disk4')],
};
const copies = newCopies(plan);
const whole = {
  state: 'active',
  degraded: 0,
  members: ['disk1', 'disk2'].map((device) => ({ device, inSync: true })),
};
const alone = { state: 'active', degraded: 1, members: [{ device: 'disk1', inSync: true }] };
const started: TimelineEntry = {
  ...{ atMs: 4500, kind: 'array-started', array: uuid, device: 'md0', state: 'active' },
  ...{ missingCount: 1, degraded: true },
};
const report = (...timeline: TimelineEntry[]): BootSeen['report'] => ({
  ...{ discoveryAtMs: 1000, outcome: 'up', engine: null, arrays: [], timeline },
});
const good: BootSeen = {
  ending: 'system',
  report: null,
  discoveryAtMs: 1000,
  arrays: { md0: whole },
  starts: [{ array: 'md0', atMs: 1500, active: 2, of: 2 }],
  digest: 'base',
  mismatches: { md0: 0 },
  wrote: null,
  changedOthers: [],
  went: [],
  explained: null,
};
const boot = { kind: 'boot', absent: [], late: [], gone: [] } as const;
const judged = (seen: Partial<BootSeen>, more: Partial<BootToJudge> = {}): readonly string[] =>
  violationsOf({
    ...{ plan, copies, boot, seen: { ...good, ...seen } },
    ...{
      uuids: { md0: uuid, md8: 'other' },
      digests: new Map([
        [0, 'base'],
        [1, 'one'],
        [2, 'two'],
      ]),
    },
    ...{ waitMs: 3000, maxWaitMs: 6000, foretold: null, ...more },
  }).map(({ rule }) => rule);
const withLogs = (one: number[], other: number[]) => {
  const member = (role: number, log: number[]) => ({ role, log, whole: true });
  return { ...copies, members: { md0: { disk1: member(0, one), disk2: member(1, other) } } };
};

test('a healthy boot and one that waited are good', async (t) => {
  t.same(judged({}), []);
  const late = [{ array: 'md0', atMs: 4200, active: 1, of: 2 }];
  t.same(judged({ arrays: { md0: alone }, starts: late, report: report(started) }), []);
});

test('nothing off the list is started degraded or written', async (t) => {
  const half = { state: 'active', degraded: 1, members: [] };
  t.same(judged({ arrays: { md0: whole, md8: half } }), ['off-list']);
  t.same(judged({ changedOthers: ['disk3'] }), ['off-list']);
  t.same(judged({ changedOthers: ['disk3'], arrays: { md0: whole, md8: { ...half, degraded: 0 } } }), []);
  t.same(judged({ arrays: { md0: whole, md8: { ...half, state: 'inactive' } } }), []);
});

test('what root does not need is started degraded after the image, when its wait is over', async (t) => {
  const arrays = { md0: whole, md8: { state: 'read-auto', degraded: 1, members: [] } };
  const up = report({ atMs: 2000, kind: 'finished', outcome: 'up' });
  const at = (atMs: number) =>
    judged({ arrays, report: up, starts: [{ array: 'md8', atMs, active: 1, of: 2 }] });
  t.same(at(4500), []);
  t.same(at(3500), ['off-list'], 'too early');
  t.same(at(1900), ['off-list'], 'in the image');
  t.same(judged({ arrays, report: up, starts: [] }), ['off-list'], 'nobody knows when');
  const healthy = [{ array: 'md8', atMs: 4500, active: 1, of: 2 }];
  t.same(judged({ arrays, starts: healthy }), [], 'root was there without the engine');
  const foreign = { ...plan, others: [], foreign: plan.others[0] ?? null };
  t.same(judged({ arrays, report: up, starts: [] }, { plan: foreign }), ['off-list'], "another machine's");
});

test('what is off the list is started as a last resort only', async (t) => {
  const half = { state: 'read-auto', degraded: 1, members: [] };
  const others = { md8: 'other' as MdUuid };
  const byEngine = report({ ...started, array: others.md8 });
  const given: BootSeen['report'] = {
    ...{ discoveryAtMs: 1000, outcome: 'given-back', engine: null, arrays: [], timeline: [] },
  };
  const boot = { kind: 'boot', absent: ['disk1', 'disk2'], late: [], gone: [] } as const;
  const nothing = {
    ending: 'shell',
    arrays: { md8: half },
    starts: [],
    digest: null,
    mismatches: {},
  } as const;
  const isOffList = (seen: Partial<BootSeen>, more: Partial<BootToJudge>) =>
    judged({ ...nothing, ...seen }, more).includes('off-list');
  t.notOk(isOffList({ report: byEngine }, { boot }), 'root is gone');
  t.notOk(isOffList({ report: given }, { boot }), 'the distribution did it');
  t.ok(isOffList({ report: report() }, { boot }), 'nobody was given anything back');
  t.ok(isOffList({ report: byEngine }, {}), "root's array has all its data");
  t.notOk(
    isOffList({ report: byEngine }, { copies: { ...copies, inImage: {} } }),
    'the list does not know it',
  );
  const foreign = { ...plan, others: [], foreign: plan.others[0] ?? null };
  t.ok(isOffList({ report: byEngine }, { boot, plan: foreign }), "another machine's");
  t.notOk(isOffList({ report: given }, { boot, plan: foreign }), 'without us as well');
});

test('nothing is started before its deadline without cause', async (t) => {
  const at = (atMs: number) => ({
    arrays: { md0: alone },
    starts: [{ array: 'md0', atMs, active: 1, of: 2 }],
  });
  t.same(judged(at(3800)), ['early']);
  t.same(judged(at(3990)), []);
  t.same(
    judged(at(1500), { copies: withLogs([0, 1], [0]), digests: new Map([[1, 'base']]) }),
    [],
    'it was so before',
  );
  const key: TimelineEntry = { atMs: 2000, kind: 'key', key: 'escape', console: 'ttyS0' };
  t.same(judged({ ...at(2100), report: report(key) }), []);
});

test('root holds one of the copies whole, and of those that run', async (t) => {
  t.same(judged({ digest: 'nobody' }), ['copy']);
  const side = { ...plainMachine(4, [mirror('md0', 'disk1', 'disk2'), mirror('md1', 'disk3', 'disk4')]) };
  const striped = { ...side, layers: [...side.layers, array('md2', 'raid0', 'md0', 'md1')], root: 'md2' };
  const run = (...devices: string[]) => ({
    ...{ state: 'active', degraded: 0, members: devices.map((device) => ({ device, inSync: true })) },
  });
  const arrays = { md0: run('disk1'), md1: run('disk3'), md2: run('md0', 'md1') };
  const of = newCopies(striped);
  const newer = { ...of.members['md0'], disk1: { role: 0, log: [0, 1], whole: true } };
  const ages = { ...of, members: { ...of.members, md0: newer } };
  const seen = { digest: 'nobody', arrays, mismatches: {} };
  t.same(judged(seen, { plan: striped, copies: of }), ['copy']);
  t.same(judged(seen, { plan: striped, copies: ages }), [], 'stripes of two ages, and nobody can know');
  t.same(judged({ digest: 'one' }), ['copy']);
  t.same(judged({ digest: 'one' }, { copies: withLogs([0, 1], [0, 1]) }), []);
  t.same(judged({ mismatches: { md0: 128 } }), ['mismatch']);
  const upper = plainMachine(4, [
    ...side.layers.filter((layer) => layer.kind === 'md'),
    mirror('md2', 'md0', 'md1'),
  ]);
  const log = (role: number, ...runs: number[]) => ({ role, log: runs, whole: true });
  const below = {
    ...newCopies(upper),
    members: {
      md0: { disk1: log(0, 0, 2), disk2: log(1, 0, 1) },
      md1: { disk3: log(0, 0, 1), disk4: log(1, 0, 2) },
      md2: { md0: log(0, 0, 1, 2), md1: log(1, 0, 1, 2) },
    },
  };
  const onMd1 = { arrays: { md1: run('disk3'), md2: run('md1') }, mismatches: {}, starts: [] };
  const copiesHeld = (digest: string) =>
    judged({ ...onMd1, digest }, { plan: upper, copies: below, boot: { ...boot, absent: ['disk4'] } });
  t.same(copiesHeld('one'), [], 'what the lower array holds');
  t.same(copiesHeld('two'), ['copy'], 'and not what its other half got');
});

test('no two diverged copies are joined', async (t) => {
  t.ok(judged({ digest: 'two' }, { copies: withLogs([0, 1], [0, 2]) }).includes('joined'));
  t.same(
    judged({ digest: 'two' }, { copies: withLogs([0, 1, 2], [0, 1]) }),
    [],
    'one that missed something came back',
  );
});

test('a boot ends in root, a question or the failure path with its reason', async (t) => {
  const shell = { ending: 'shell', arrays: {}, starts: [], digest: null, mismatches: {} } as const;
  const none = { boot: { kind: 'boot', absent: ['disk1', 'disk2'], late: [], gone: [] } } as const;
  t.same(judged({ ...shell, report: report() }, none), ['ending']);
  t.same(judged({ ...shell, report: null }, none), ['ending']);
  const reason: TimelineEntry = {
    atMs: 1,
    kind: 'not-startable',
    array: uuid,
    reason: 'too-few',
    missingRoles: [0],
  };
  t.same(judged({ ...shell, report: report(reason) }, none), []);
  t.same(judged({ ...shell, report: report(reason) }), ['given-up'], 'all of it is there');
  t.same(judged({ ...shell, ending: 'limit' }), ['ending']);
  t.same(judged({ digest: null }), ['ending']);
});

test('what was foretold is what happened', async (t) => {
  const foretold: Forecast = {
    outcome: 'up',
    rootAfterMs: 3100,
    arrays: [
      {
        ...{ uuid, state: 'started', startedAfterMs: 3050, missingRoles: [1] },
        ...{ stopsTheBoot: false, canBeAnswered: false },
      },
    ],
  };
  const [array] = foretold.arrays;
  if (array === undefined) return;
  const seen = { arrays: { md0: alone }, starts: [], report: report(started) };
  const told = (one: Partial<Forecast>, two: Partial<typeof array> = {}) =>
    judged(seen, { foretold: { ...foretold, arrays: [{ ...array, ...two }], ...one } });
  t.same(told({}), []);
  t.same(told({ outcome: 'asks' }), ['foretold']);
  t.same(told({}, { state: 'found' }), ['foretold']);
  t.same(told({}, { missingRoles: [] }), ['foretold']);
  t.same(told({}, { startedAfterMs: 7000 }), ['foretold']);
  t.same(told({}, { startedAfterMs: 400 }), ['foretold']);
  t.same(told({ problem: 'usage' }), ['unexplained']);
  const slow: TimelineEntry = { atMs: 9000, kind: 'engine-started' };
  const late = { ...seen, report: report(slow, { ...started, atMs: 9100 }) };
  t.same(judged(late, { foretold }), [], 'a machine that was slow to start the engine');
  const asked: TimelineEntry = {
    atMs: 5000,
    kind: 'asked',
    array: uuid,
    reason: 'split-brain',
    choices: null,
  };
  const question = {
    ending: 'shell',
    arrays: {},
    starts: [],
    digest: null,
    mismatches: {},
    report: report(asked),
  } as const;
  const stops = { state: 'not-started', startedAfterMs: null, stopsTheBoot: true } as const;
  const asks = (canBeAnswered: boolean, outcome: Forecast['outcome']) =>
    judged(question, {
      copies: withLogs([0, 1], [0, 2]),
      foretold: { outcome, rootAfterMs: null, arrays: [{ ...array, ...stops, canBeAnswered }] },
    });
  t.same(asks(true, 'asks'), []);
  t.same(asks(false, 'stops'), ['foretold']);
});

test('what one processor leaves dirty at power-off is no fault of what was foretold', async (t) => {
  const asked: TimelineEntry = {
    ...{ atMs: 4500, kind: 'asked', array: uuid, reason: 'dirty-degraded', choices: null },
  };
  const foretold: Forecast = { outcome: 'up', rootAfterMs: 3000, arrays: [] };
  const seen = { ending: 'shell', report: report(asked) } as const;
  const stacked = { ...plan, layers: [...plan.layers, mirror('md1', 'md0', 'disk4')] };
  t.same(judged(seen, { foretold }), ['foretold'], 'nothing stands on it');
  t.same(judged(seen, { foretold, plan: stacked }), []);
});

test('an image waits for what root stood on when it was made', async (t) => {
  const stacked = plainMachine(3, [mirror('md0', 'disk1', 'disk2'), mirror('md1', 'md0', 'disk3')]);
  const foretold: Forecast = { outcome: 'up', rootAfterMs: 100, arrays: [] };
  const run = (...devices: string[]) => ({
    ...{ state: 'active', degraded: 0, members: devices.map((device) => ({ device, inSync: true })) },
  });
  const arrays = { md0: run('disk1', 'disk2'), md1: run('disk3') };
  const late = report({ atMs: 11_000, kind: 'finished', outcome: 'up' });
  const of = newCopies(stacked);
  const removed = { md0: { role: 0, log: [0], whole: true }, disk3: { role: 1, log: [0, 1], whole: true } };
  const seen = { arrays, starts: [], digest: 'one', mismatches: {}, report: late };
  const told = (copies: typeof of) => judged(seen, { plan: stacked, copies, foretold });
  t.same(told({ ...of, members: { ...of.members, md1: removed } }), []);
  t.ok(told(of).includes('foretold'));
});
