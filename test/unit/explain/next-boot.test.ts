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
