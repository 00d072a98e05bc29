import { test } from 'tap';
import { laterArrays } from '../../../src/core/explain/later-arrays.ts';
import type { FutureMember, NextBoot } from '../../../src/core/explain/next-boot.ts';
import { type ArrayPlan, superblockOf, uuidOf, watchlistOf } from '../../support/simulated-boot.ts';

const NONE = { disks: new Set<string>(), arrays: new Set<never>(), passphrase: false };

/** Disks `s0.0`, `s0.1`, ...; an upper array stands on those below. */
function bootOf(plans: readonly ArrayPlan[]): NextBoot {
  const members = plans.flatMap((plan): FutureMember[] =>
    Array.from({ length: plan.standsOn?.length ?? plan.raidDevices }, (_, role) => {
      const below = plan.standsOn?.[role];
      const device = `s${plan.n}.${role}`;
      const on = below === undefined ? { disks: new Set([device]) } : { arrays: new Set([uuidOf(below)]) };
      return { device, superblock: superblockOf(plan, role), need: { ...NONE, ...on } };
    }),
  );
  const deviceNames = new Map(plans.map(({ n }) => [uuidOf(n), `md${n}`]));
  return { watchlist: watchlistOf(plans), members, volumes: [], mounts: [], deviceNames };
}

const MIRROR: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const need = (array: string) => ({ disks: new Set<string>(), arrays: new Set([array]), passphrase: true });
const settled = (plans: readonly ArrayPlan[], ...taken: string[]) =>
  laterArrays(bootOf(plans), new Map(plans.map(({ n }) => [`md${n}`, uuidOf(n)])))(taken);

test('a mirror is there with a disk less, and not without both', async (t) => {
  t.match(settled([MIRROR]), { degraded: [], stopped: [] });
  t.ok(settled([MIRROR]).isThere(need('md0')));
  const one = settled([MIRROR], 's0.1');
  t.ok(one.isThere(need('md0')));
  t.match(one.degraded, [{ missingRoles: [1] }]);
  const none = settled([MIRROR], 's0.0', 's0.1');
  t.notOk(none.isThere(need('md0')));
  t.match(none.stopped, [{ array: { uuid: uuidOf(0) }, isHeldBack: false }]);
});

test('what is not to be started degraded is missing with a disk of it, and there when it is whole', async (t) => {
  for (const degraded of ['never', 'ask'] as const) {
    const array: ArrayPlan = { ...MIRROR, degraded };
    t.ok(settled([array]).isThere(need('md0')), degraded);
    const half = settled([array], 's0.1');
    t.notOk(half.isThere(need('md0')), degraded);
    t.match(half.stopped, [{ array: { degraded }, isHeldBack: true, missingRoles: [1] }]);
  }
});

test('stripes have no disk to spare, and an array on a degraded one comes after it', async (t) => {
  const stripes: ArrayPlan = { n: 0, level: 0, raidDevices: 2 };
  t.notOk(settled([stripes], 's0.0').isThere(need('md0')));
  const upper: ArrayPlan = { n: 1, level: 1, raidDevices: 1, standsOn: [0] };
  t.ok(settled([upper, MIRROR], 's0.0').isThere(need('md1')));
});

test('an array that nobody knows, and a disk that is taken away, are missing', async (t) => {
  t.notOk(settled([MIRROR]).isThere(need('md9')));
  t.notOk(settled([MIRROR], 'sdz').isThere({ ...need('md0'), disks: new Set(['sdz']) }));
});
