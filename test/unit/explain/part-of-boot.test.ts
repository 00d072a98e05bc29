import { test } from 'tap';
import type { FutureMember, NextBoot } from '../../../src/core/explain/next-boot.ts';
import { partsOf } from '../../../src/core/explain/part-of-boot.ts';
import { type ArrayPlan, superblockOf, uuidOf, watchlistOf } from '../../support/simulated-boot.ts';

const NONE = { disks: new Set<string>(), arrays: new Set<never>(), passphrase: false };

/** Three mirrors on disks `s0.0` ... `s2.1`, the last of which has a part of the first disk besides, and a mirror of the first two. */
const plans: readonly ArrayPlan[] = [
  { n: 3, level: 1, raidDevices: 2, standsOn: [0, 1] },
  ...[0, 1, 2].map((n) => ({ n, level: 1, raidDevices: 2 })),
];
const members = plans.flatMap((plan): FutureMember[] =>
  [0, 1].map((role) => {
    const device = `s${plan.n}.${role}`;
    const below = plan.standsOn?.[role];
    const disks = device === 's2.1' ? new Set(['s2.1', 's0.0']) : new Set([device]);
    const on = below === undefined ? { disks } : { arrays: new Set([uuidOf(below)]) };
    return { device, superblock: superblockOf(plan, role), need: { ...NONE, ...on } };
  }),
);
const boot: NextBoot = {
  ...{ watchlist: watchlistOf(plans), members, mounts: [], deviceNames: new Map() },
  volumes: [{ uuid: uuidOf(9), degraded: 0, need: { ...NONE, disks: new Set(['s9']) } }],
};

test('the arrays on a disk, and what stands on them', async (t) => {
  const partOf = partsOf(boot);
  const part = (...taken: readonly string[]) => {
    const { watchlist, members } = partOf(taken);
    const arrays = watchlist.arrays.map(({ uuid }) => [0, 1, 2, 3].find((n) => uuidOf(n) === uuid));
    return { arrays, members: members.map(({ device }) => device) };
  };
  t.same(part(), { arrays: [], members: [] });
  t.same(part('elsewhere'), { arrays: [], members: [] });
  t.same(
    part('s1.1'),
    { arrays: [3, 1], members: ['s3.0', 's3.1', 's1.0', 's1.1'] },
    'in the order of the boot',
  );
  t.same(part('s2.0').arrays, [2]);
  t.same(part('s0.0').arrays, [3, 0, 2], 'a member that needs two disks');
  t.same(part('s2.0', 's1.0').arrays, [3, 1, 2]);
});

test('a volume of a container on a disk', async (t) => {
  t.equal(partsOf(boot)(['s9']).volumes.length, 1);
  t.equal(partsOf(boot)(['s0.0']).volumes.length, 0);
});
