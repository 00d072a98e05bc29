import { test } from 'tap';
import type { CommandEffect } from '../../../src/core/engine/effects.ts';
import type { FutureMember, FutureNeed, NextBoot } from '../../../src/core/explain/next-boot.ts';
import { SimulatedMd } from '../../../src/core/explain/simulated-md.ts';
import { slotStates } from '../../../src/core/md/slot-states.ts';
import type { Superblock } from '../../../src/core/md/superblock.ts';
import { type ArrayPlan, superblockOf, uuidOf, watchlistOf } from '../../support/simulated-boot.ts';

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const UPPER: ArrayPlan = { n: 1, level: 1, raidDevices: 1, standsOn: [0] };
const UUID = uuidOf(0);
const NOTHING: FutureNeed = { disks: new Set(), arrays: new Set(), passphrase: false };
const needs = (...disks: readonly string[]): FutureNeed => ({ ...NOTHING, disks: new Set(disks) });
const onlyKnows = (...roles: readonly number[]): Partial<Superblock> => {
  const slotHolders = [0, 1].map((slot) => (roles.includes(slot) ? [slot] : []));
  return { slotHolders, slots: slotStates(slotHolders) };
};

/** On the disk of its own name, `dN.ROLE`. */
const member = (
  plan: ArrayPlan,
  role: number,
  { need, ...superblock }: Partial<Superblock> & { readonly need?: FutureNeed } = {},
): FutureMember => {
  const device = `d${plan.n}.${role}`;
  return {
    device,
    superblock: { ...superblockOf(plan, role), ...superblock },
    need: need ?? needs(device),
  };
};
const boot = (
  plans: readonly ArrayPlan[],
  members: readonly FutureMember[],
  more: Partial<NextBoot> = {},
): NextBoot => ({
  watchlist: watchlistOf(plans),
  members,
  volumes: [],
  mounts: [],
  deviceNames: new Map(plans.map(({ n }) => [uuidOf(n), `md${n}`])),
  ...more,
});
const both = [member(RAID1, 0), member(RAID1, 1)];
const machine = (
  members: readonly FutureMember[],
  taken: readonly string[] = [],
  plans = [RAID1],
): SimulatedMd => new SimulatedMd(boot(plans, members), new Set(taken));
const run: CommandEffect = { kind: 'run-array', uuid: UUID, device: 'md0', dirty: false };
const assemble = (...devices: readonly string[]): CommandEffect => ({
  kind: 'assemble',
  uuid: UUID,
  devicePath: '/dev/md0',
  devices,
});
/** Devices that are bound. */
const boundIn = (md: SimulatedMd): readonly string[] =>
  md.snapshot().members.flatMap(({ device, boundTo }) => (boundTo === null ? [] : [device]));

const NOT_RUNNING = null;
const atFirst: readonly {
  readonly what: string;
  readonly members: readonly FutureMember[];
  readonly taken?: readonly string[];
  readonly bound: readonly string[];
  readonly degraded: number | null;
}[] = [
  { what: 'all members: udev starts it', members: both, bound: ['d0.0', 'd0.1'], degraded: 0 },
  { what: 'one disk is taken away', members: both, taken: ['d0.1'], bound: ['d0.0'], degraded: NOT_RUNNING },
  {
    what: 'one that calls the other missing is held by the gate',
    members: [member(RAID1, 0, onlyKnows(0))],
    bound: [],
    degraded: NOT_RUNNING,
  },
  {
    what: 'one that is rebuilt is bound, and its data is missing',
    members: [member(RAID1, 0), member(RAID1, 1, { recoveryOffsetSectors: 8 })],
    bound: ['d0.0', 'd0.1'],
    degraded: 1,
  },
  {
    what: 'a second path to a member is refused',
    members: [member(RAID1, 0), { ...member(RAID1, 0), device: 'twin', need: NOTHING }],
    bound: ['d0.0'],
    degraded: NOT_RUNNING,
  },
  {
    what: 'one that took the place of another is put there again, whichever is first',
    members: [
      { ...member(RAID1, 0, { events: 3 }), device: 'before', need: NOTHING },
      ...both,
      { ...member(RAID1, 1, { events: 3 }), device: 'after', need: NOTHING },
    ],
    bound: ['d0.0', 'd0.1'],
    degraded: 0,
  },
  {
    what: 'a member of an array that is not listed',
    members: [member({ ...RAID1, n: 7 }, 0), member({ ...RAID1, n: 7 }, 1)],
    bound: [],
    degraded: NOT_RUNNING,
  },
];

for (const { what, members, taken, bound, degraded } of atFirst)
  test(`udev, at first: ${what}`, async (t) => {
    const md = machine(members, taken);
    t.same(boundIn(md), bound);
    t.equal(md.running.get(UUID)?.degraded ?? null, degraded);
    if (degraded !== NOT_RUNNING) t.equal(md.running.get(UUID)?.by, 'udev');
  });

test('a level without redundancy is never degraded', async (t) => {
  const raid0: ArrayPlan = { n: 0, level: 0, raidDevices: 1 };
  t.same(machine([member(raid0, 0)], [], [raid0]).running.get(UUID), {
    by: 'udev',
    degraded: null,
    missingRoles: [],
  });
});

test('a need: no disk of it is taken away, its arrays run, and what locks it is unlocked', async (t) => {
  const md = machine(both, ['gone']);
  const lower = new Set([UUID]);
  t.ok(md.isMet(NOTHING));
  t.ok(md.isMet(needs('d0.0', 'other')));
  t.notOk(md.isMet(needs('other', 'gone')), 'each of its disks');
  t.ok(md.isMet({ ...NOTHING, arrays: lower }));
  t.notOk(md.isMet({ ...NOTHING, arrays: new Set([UUID, uuidOf(1)]) }), 'each of its arrays');
  t.notOk(md.isMet({ ...NOTHING, passphrase: true }));
  md.unlock();
  t.ok(md.isMet({ ...NOTHING, passphrase: true }));
});

test('what lies behind a passphrase appears when it is typed', async (t) => {
  const locked = both.map((each) => ({ ...each, need: { ...each.need, passphrase: true } }));
  const md = machine(locked);
  t.same(md.snapshot(), { members: [], arrays: [] });
  md.unlock();
  t.match(md.snapshot(), { members: [{ device: 'd0.0' }, { device: 'd0.1' }], arrays: [{ state: 'clean' }] });
});

test('what is shown of an array: bound and not run, found, started', async (t) => {
  const half = machine([member(RAID1, 0)]);
  const md0 = { device: 'md0', external: false, uuid: UUID, deadMembers: [] };
  t.same(half.snapshot().arrays, [{ ...md0, state: 'inactive', degraded: null }]);
  t.ok(half.act(run));
  t.same(half.snapshot().arrays, [{ ...md0, state: 'read-auto', degraded: 1 }]);
  t.same(machine(both).snapshot().arrays, [{ ...md0, state: 'clean', degraded: 0 }]);
  t.same(machine([]).snapshot().arrays, []);
  const unnamed = new SimulatedMd(boot([RAID1], both, { deviceNames: new Map() }), new Set());
  t.match(unnamed.snapshot(), {
    arrays: [{ device: 'md_00000000' }],
    members: [{ boundTo: 'md_00000000' }, {}],
  });
});

test('mdadm --run starts what has enough, once, and says whether it runs', async (t) => {
  const md = machine([member(RAID1, 0)]);
  t.ok(md.act(run));
  t.same(md.running.get(UUID), { by: 'engine', degraded: 1, missingRoles: [1] });
  t.ok(md.act({ ...run, kind: 'write-read-auto' }), 'it runs already');
  const found = machine(both);
  t.ok(found.act(run));
  t.equal(found.running.get(UUID)?.by, 'udev');
  const raid5: ArrayPlan = { n: 0, level: 5, raidDevices: 3 };
  const tooFew = machine([member(raid5, 0)], [], [raid5]);
  t.notOk(tooFew.act(run));
  t.equal(tooFew.running.size, 0);
  const held = machine([member(RAID1, 0, onlyKnows(0))]);
  t.notOk(held.act(run), 'nothing is bound');
});

test('mdadm --incremental binds each device once, and starts what is whole by that', async (t) => {
  const alone = machine([member(RAID1, 0, onlyKnows(0))]);
  t.ok(alone.act(assemble('d0.0')));
  t.same(alone.running.get(UUID), { by: 'engine', degraded: 1, missingRoles: [1] }, 'as whole as it says');
  t.notOk(alone.act(assemble('d0.0')), 'it runs');
  const half = machine([member(RAID1, 0)]);
  t.notOk(half.act(assemble('d0.0')), 'udev has bound it');
  t.equal(half.running.size, 0);
});

test('mdadm --stop sets everything free', async (t) => {
  const md = machine([member(RAID1, 0)]);
  md.act(run);
  t.ok(md.act({ kind: 'stop-array', uuid: UUID, device: 'md0' }));
  t.equal(md.running.size, 0);
  t.same(boundIn(md), []);
  t.same(md.snapshot().arrays, []);
  t.ok(md.act(assemble('d0.0')), 'and it can be assembled again');
});

test('udev settles at once', async (t) => {
  t.ok(machine([]).act({ kind: 'settle' }));
});

test('an upper array appears when the one below it runs, by whomever', async (t) => {
  const above = member(UPPER, 0, { need: { ...NOTHING, arrays: new Set([UUID]) } });
  const found = machine([above, ...both], [], [RAID1, UPPER]);
  t.equal(found.running.get(uuidOf(1))?.by, 'udev', 'however udev comes across them');
  const md = machine([above, member(RAID1, 0)], [], [RAID1, UPPER]);
  t.notOk(md.running.has(uuidOf(1)));
  md.act(run);
  t.equal(md.running.get(uuidOf(1))?.by, 'udev');
});

test('a volume of a container runs once all that it needs is present', async (t) => {
  const of = (taken: readonly string[], passphrase = false) =>
    new SimulatedMd(
      boot([RAID1], [], {
        volumes: [{ uuid: UUID, degraded: 2, need: { ...needs('sda', 'sdb'), passphrase } }],
      }),
      new Set(taken),
    );
  t.match(of([]).snapshot().arrays, [{ state: 'clean', external: true, degraded: 2 }]);
  t.same(of([]).running.get(UUID), { by: 'udev', degraded: 2, missingRoles: [] });
  t.same(of(['sdb']).snapshot().arrays, []);
  const locked = of([], true);
  t.equal(locked.running.size, 0);
  locked.unlock();
  t.equal(locked.running.size, 1);
});
