import { test } from 'tap';
import type { MdUuid } from '../../../src/core/md/md-uuid.ts';
import type { TimelineEntry } from '../../../src/core/report/timeline.ts';
import type { BootSeen } from '../../boot/machines/boot-seen.ts';
import { type Copies, newCopies } from '../../boot/machines/copies.ts';
import { wrongDecisions } from '../../boot/machines/judge-decisions.ts';
import type { MachinePlan } from '../../boot/machines/machine-plan.ts';
import { array, plainMachine } from '../../boot/machines/plain-machine.ts';

const uuids = { md0: 'zero' as MdUuid, md1: 'one' as MdUuid };
const mirror = plainMachine(2, [array('md0', 'raid1', 'disk1', 'disk2')]);
const parity = plainMachine(3, [array('md0', 'raid5', 'disk1', 'disk2', 'disk3')]);
const mirror4 = plainMachine(4, [array('md0', 'raid10', 'disk1', 'disk2', 'disk3', 'disk4')]);
const stacked = plainMachine(3, [
  array('md0', 'raid1', 'disk1', 'disk2'),
  array('md1', 'raid1', 'md0', 'disk3'),
]);

/** Members of md0 by what they have seen; a member that is half rebuilt has no list. */
const copiesOf = (plan: MachinePlan, logs: readonly (readonly number[] | null)[]): Copies => ({
  ...newCopies(plan),
  members: {
    ...newCopies(plan).members,
    md0: Object.fromEntries(
      logs.map((log, role) => [`disk${role + 1}`, { role, log: log ?? [], whole: log !== null }]),
    ),
  },
});
const running = (...devices: readonly string[]) => ({
  ...{ state: 'active', degraded: 1, members: devices.map((device) => ({ device, inSync: true })) },
});
const startedWithout = (
  role: number,
  cause: 'wait-over' | 'degraded-before' = 'wait-over',
): TimelineEntry => ({
  ...{ atMs: 4000, kind: 'deadline', array: uuids.md0, cause, missingRoles: [role] },
});
const asked: TimelineEntry = {
  ...{ atMs: 4000, kind: 'asked', array: uuids.md0, reason: 'split-brain', choices: null },
};
const engine: TimelineEntry = { atMs: 2000, kind: 'engine-started' };
const handover = (atMs: number): TimelineEntry => ({ atMs, kind: 'handover', arrays: [uuids.md0] });

function rules(
  plan: MachinePlan,
  copies: Copies,
  absent: readonly string[],
  arrays: BootSeen['arrays'],
  timeline: readonly TimelineEntry[] = [],
  starts: BootSeen['starts'] = [],
  ending: BootSeen['ending'] = Object.keys(arrays).length > 0 ? 'system' : 'shell',
): readonly string[] {
  const seen: BootSeen = {
    ending,
    report: { discoveryAtMs: 1000, outcome: 'up', engine: null, arrays: [], timeline },
    ...{ discoveryAtMs: 1000, arrays, starts, digest: null, mismatches: {}, wrote: null },
    ...{ changedOthers: [], went: [], explained: null },
  };
  const boot = { kind: 'boot', absent, late: [], gone: [] } as const;
  return wrongDecisions({ plan, copies, boot, seen, uuids, waitMs: 3000, maxWaitMs: 6000 }).map(
    ({ rule }) => rule,
  );
}

test('the newest copy runs, and none of two that went apart', async (t) => {
  const newer = copiesOf(mirror, [[0], [0, 1]]);
  t.same(rules(mirror, newer, [], { md0: running('disk2') }), []);
  t.same(rules(mirror, newer, [], { md0: running('disk1') }), ['picked']);
  t.same(
    rules(mirror, newer, ['disk2'], { md0: running('disk1') }),
    [],
    'nobody can know of what is not there',
  );
  const apart = copiesOf(mirror, [
    [0, 1],
    [0, 2],
  ]);
  t.same(rules(mirror, apart, [], { md0: running('disk1') }), ['picked']);
});

test('nobody can look into an array that the list does not know before it runs', async (t) => {
  const known = copiesOf(stacked, [
    [0, 2],
    [0, 2],
  ]);
  const member = (role: number, log: readonly number[]) => ({ role, log, whole: true });
  const md1 = { md0: member(0, [0, 2]), disk3: member(1, [0, 1]) };
  const unlisted = { ...known, members: { ...known.members, md1 }, inImage: { md1: ['disk3'] } };
  const started = (array: string, atMs: number) => ({ array, atMs, active: 1, of: 2 });
  const md1Runs = (copies: Copies, starts: BootSeen['starts']) =>
    rules(stacked, copies, [], { md0: running('disk1'), md1: running('disk3') }, [], starts);
  t.same(md1Runs(unlisted, [started('md1', 1000), started('md0', 2000)]), []);
  t.same(md1Runs(unlisted, [started('md0', 1000), started('md1', 2000)]), ['picked']);
  const listed = { ...unlisted, inImage: { ...unlisted.inImage, md0: ['disk1', 'disk2'] } };
  t.same(md1Runs(listed, [started('md1', 1000), started('md0', 2000)]), ['picked']);
});

test('what lacks data is not started, and what is said to be missing is', async (t) => {
  const whole = newCopies(mirror);
  t.same(rules(mirror, whole, ['disk1'], { md0: running('disk2') }, [startedWithout(0)]), []);
  t.same(rules(mirror, whole, ['disk1'], { md0: running('disk2') }, [startedWithout(1)]), ['roles']);
  const half = copiesOf(mirror, [[0], null]);
  t.same(rules(mirror, half, ['disk1'], {}, [startedWithout(0)]), ['no-data', 'roles']);
});

test('who has all data is started, and who needs a word is asked about', async (t) => {
  t.same(rules(mirror, newCopies(mirror), ['disk1'], {}), ['given-up']);
  t.same(rules(mirror, newCopies(mirror), ['disk1', 'disk2'], {}), []);
  const apart = copiesOf(mirror, [
    [0, 1],
    [0, 2],
  ]);
  t.same(rules(mirror, apart, [], {}), ['unasked']);
  t.same(rules(mirror, apart, [], {}, [asked]), []);
  const dirty = { ...newCopies(parity), dirty: new Set(['md0']) };
  t.same(rules(parity, dirty, ['disk3'], {}), ['unasked']);
  t.same(rules(parity, dirty, ['disk2', 'disk3'], {}), [], 'nothing can be chosen');
  const older = { ...copiesOf(mirror4, [[0], [0, 1], [0], [0, 1]]), dirty: new Set(['md0']) };
  t.same(rules(mirror4, older, ['disk2'], {}), [], 'the newest lacks data, what has it is older');
  t.same(rules(mirror4, older, ['disk1'], {}), ['given-up'], 'the newest has all');
  const brokenOff = copiesOf(mirror, [[0, 1], [0]]);
  const half = { role: 1, log: [], whole: false, brokenOffIn: 1 };
  const rebuilt = { ...brokenOff, members: { md0: { ...brokenOff.members['md0'], disk3: half } } };
  t.same(rules(mirror, rebuilt, ['disk1'], {}), [], 'what was half rebuilt tells that there is newer');
  t.same(rules(mirror, rebuilt, ['disk1', 'disk3'], {}), ['given-up'], 'nobody tells');
  const leftDirty: TimelineEntry = { ...asked, reason: 'dirty-degraded' };
  t.same(rules(stacked, newCopies(stacked), ['disk1', 'disk3'], {}, [leftDirty]), [], 'of a lower array');
  t.same(rules(mirror, newCopies(mirror), ['disk1'], {}, [leftDirty]), ['given-up'], 'of none below');
});

test('what the list does not know has its turn after a question about what it knows', async (t) => {
  const known = newCopies(stacked);
  const unlisted = { ...known, inImage: { md0: ['disk1', 'disk2'] } };
  const md0 = running('disk1', 'disk2');
  t.same(rules(stacked, unlisted, [], { md0 }, [asked], [], 'shell'), []);
  t.same(rules(stacked, unlisted, [], { md0 }, [], [], 'shell'), ['given-up'], 'nobody is asked');
  const listed = { ...known, inImage: { ...unlisted.inImage, md1: ['md0', 'disk3'] } };
  t.same(rules(stacked, listed, [], { md0 }, [asked], [], 'shell'), ['given-up']);
});

test('an array that runs with a copy of before holds no more than that of an upper one', async (t) => {
  const upper = plainMachine(5, [
    array('md0', 'raid1', 'disk1', 'disk2'),
    array('md1', 'raid5', 'md0', 'disk3', 'disk4'),
  ]);
  const of = copiesOf(upper, [[0, 1], [0]]);
  const member = (role: number, log: readonly number[]) => ({ role, log, whole: true });
  const md1 = { md0: member(0, [0, 1]), disk3: member(1, [0, 1]), disk4: member(2, [0]) };
  const left = { ...of, members: { ...of.members, md1 } };
  const shell = (arrays: BootSeen['arrays'], absent: readonly string[]) =>
    rules(upper, left, absent, arrays, [], [], 'shell');
  t.same(shell({ md0: running('disk2') }, ['disk1', 'disk4']), [], 'one of three has all of run 1');
  t.same(shell({ md0: running('disk1') }, ['disk2', 'disk4']), ['given-up'], 'two of three');
  const given = { ...md1, md0: member(0, [0, 1, 2]), disk3: member(1, [0, 1, 2]) };
  const back = copiesOf(upper, [
    [0, 2],
    [0, 2],
  ]);
  t.same(
    rules(upper, { ...back, members: { ...back.members, md1: given } }, ['disk2', 'disk4'], {
      md0: running('disk1'),
      md1: running('md0', 'disk3'),
    }),
    [],
    'it was away for run 1, and was given that before run 2',
  );
});

test('what the image knows to be old is a question', async (t) => {
  const old = { ...copiesOf(mirror, [[0, 1], [0]]), inImage: { md0: ['disk1'] }, imageRun: 1 };
  const stale: TimelineEntry = { ...asked, reason: 'stale' };
  t.same(rules(mirror, old, ['disk1'], {}, [stale]), []);
  t.same(rules(mirror, old, ['disk1'], {}), ['unasked']);
  t.same(rules(mirror, old, ['disk1'], { md0: running('disk2') }), ['picked']);
  const both = { ...old, inImage: { md0: ['disk1', 'disk2'] }, imageRun: 0 };
  t.same(rules(mirror, both, ['disk1'], {}, [stale]), ['given-up'], 'the image does not know');
  const later = {
    ...copiesOf(mirror, [
      [0, 1],
      [0, 2],
    ]),
    inImage: { md0: ['disk1'] },
    imageRun: 1,
  };
  t.same(rules(mirror, later, ['disk1'], { md0: running('disk2') }), [], 'it was written since');
});

test('nobody is waited for who was not there when the image was made', async (t) => {
  const alone = { ...copiesOf(mirror, [[0, 1], [0]]), inImage: { md0: ['disk1'] } };
  const started = { md0: running('disk1') };
  t.same(rules(mirror, alone, ['disk2'], started, [startedWithout(1)]), ['waited']);
  t.same(rules(mirror, alone, ['disk2'], started, [engine, startedWithout(1, 'degraded-before')]), []);
  const late = { ...startedWithout(1, 'degraded-before'), atMs: 6000 };
  t.same(
    rules(mirror, alone, ['disk2'], started, [engine, late]),
    ['waited'],
    'whatever it says of the cause',
  );
  const slow = { ...engine, atMs: 5000 };
  t.same(rules(mirror, alone, ['disk2'], started, [slow, late]), []);
  const unknown = { ...alone, inImage: { md0: ['disk1', 'disk2'] } };
  t.same(rules(mirror, unknown, ['disk2'], started, [startedWithout(1)]), []);
});

test('an upper layer has a wait of its own', async (t) => {
  const both = { md0: running('disk1'), md1: running('md0') };
  const at = (atMs: number) => [
    { array: 'md0', atMs: 4000, active: 1, of: 2 },
    { array: 'md1', atMs, active: 1, of: 2 },
  ];
  const without = ['disk2', 'disk3'];
  t.same(rules(stacked, newCopies(stacked), without, both, [engine], at(7000)), []);
  t.same(rules(stacked, newCopies(stacked), without, both, [engine], at(6000)), ['early']);
  const upperAlone = { md1: running('disk3') };
  const alone = (atMs: number) => [{ array: 'md1', atMs, active: 1, of: 2 }];
  const lost = ['disk1', 'disk2'];
  t.same(
    rules(stacked, newCopies(stacked), lost, upperAlone, [engine], alone(5500)),
    [],
    'half a wait after what is below was given up',
  );
  t.same(rules(stacked, newCopies(stacked), lost, upperAlone, [engine], alone(5000)), ['early']);
});

test('the failure path comes no sooner than without us, and who is asked has time', async (t) => {
  const lost = ['disk1', 'disk2'];
  t.same(rules(mirror, newCopies(mirror), lost, {}, [handover(30_000)]), []);
  t.same(rules(mirror, newCopies(mirror), lost, {}, [handover(5000)]), ['early']);
  const apart = copiesOf(mirror, [
    [0, 1],
    [0, 2],
  ]);
  const late = { ...asked, atMs: 28_000 };
  t.same(rules(mirror, apart, [], {}, [late, handover(30_000)]), ['early']);
});
