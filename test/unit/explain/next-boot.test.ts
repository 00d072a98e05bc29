import t from 'tap';
import { nextBoot } from '../../../src/core/explain/next-boot.ts';
import { slotStates } from '../../../src/core/md/slot-states.ts';
import type { Superblock } from '../../../src/core/md/superblock.ts';
import type { PresentMember } from '../../../src/core/snapshot/snapshot.ts';
import { type ArrayPlan, superblockOf, uuidOf, watchlistOf } from '../../support/simulated-boot.ts';

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };

const onlyKnows = (roles: readonly number[], raidDevices = 2): Partial<Superblock> => {
  const slotHolders = Array.from({ length: raidDevices }, (_, slot) => (roles.includes(slot) ? [slot] : []));
  return { slotHolders, slots: slotStates(slotHolders) };
};

t.test(
  'a clean shutdown: members in use become clean and of one moment, others stay as they are',
  async (t) => {
    const member = (
      role: number,
      more: Partial<Superblock>,
      rest: Partial<PresentMember> = {},
    ): PresentMember => ({
      device: `s0.${role}`,
      superblock: { ...superblockOf({ ...RAID1, raidDevices: 3 }, role), ...more },
      boundTo: 'md0',
      faulty: false,
      ...rest,
    });
    const array = {
      device: 'md0',
      state: 'active' as const,
      external: false,
      deadMembers: [],
      uuid: uuidOf(0),
      degraded: 1,
    };
    const members = [
      member(0, { ...onlyKnows([0, 1], 3), events: 31, clean: false }),
      member(1, { ...onlyKnows([0, 1], 3), events: 30, clean: false }),
      member(2, { events: 9, clean: false }, { faulty: true }),
    ];
    const machine = (resyncing: readonly string[]) =>
      nextBoot({
        watchlist: watchlistOf([{ ...RAID1, raidDevices: 3 }]),
        snapshot: { members, arrays: [array] },
        graph: new Map(),
        roots: [],
        arrayUuids: new Map(),
        resyncing: new Set(resyncing),
        assemblesUnlisted: true,
      }).members.map(({ superblock }) => [superblock.events, superblock.clean]);
    t.same(machine([]), [
      [31, true],
      [31, true],
      [9, false],
    ]);
    t.same(machine(['md0']), [
      [31, false],
      [31, false],
      [9, false],
    ]);
  },
);

t.test('a member on an array that the list does not know comes where udev starts that whole', async (t) => {
  const upper = { ...RAID1, n: 1 };
  const plain = { dmUuid: null, device: null };
  const node = (id: string, kind: string, ...standsOn: readonly string[]) =>
    [id, { ...plain, id, kind, name: id, standsOn }] as const;
  const graph = new Map([
    ...[node('a', 'disk'), node('b', 'disk'), node('c', 'disk'), node('d', 'disk')],
    ...[node('md0', 'md', 'a', 'md5'), node('md5', 'md', 'b', 'c'), node('md1', 'md', 'md0', 'd')],
  ]);
  const member = (device: string, role: number): PresentMember => ({
    ...{ device, superblock: superblockOf(upper, role), boundTo: 'md1', faulty: false },
  });
  const array = (device: string, degraded: number) => ({
    ...{ device, state: 'active' as const, external: false, deadMembers: [], uuid: null, degraded },
  });
  const needs = (assemblesUnlisted: boolean, degraded = 0, more: readonly ArrayPlan[] = []) =>
    nextBoot({
      watchlist: watchlistOf([upper, ...more]),
      snapshot: {
        members: [member('md0', 0), member('d', 1)],
        arrays: [array('md1', 0), array('md0', 0), array('md5', degraded)],
      },
      ...{ graph, roots: [], resyncing: new Set(), assemblesUnlisted },
      arrayUuids: new Map(more.map(({ n }) => [`md${n}`, uuidOf(n)])),
    }).members.map(({ device, need }) => [device, [...need.disks].sort().join(' '), [...need.arrays]]);
  t.same(needs(true), [
    ['d', 'd', []],
    ['md0', 'a b c', []],
  ]);
  t.same(needs(true, 1), [['d', 'd', []]], 'one below it is not whole');
  t.same(needs(false), [['d', 'd', []]]);
  t.same(needs(false, 1, [RAID1]), [
    ['d', 'd', []],
    ['md0', '', [uuidOf(0)]],
  ]);
});
