import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import t from 'tap';
import { bootOptions } from '../../../src/core/configuration/boot-options.ts';
import type { Explanation } from '../../../src/core/explain/explanation.ts';
import type { FutureMember, NextBoot } from '../../../src/core/explain/next-boot.ts';
import {
  type BootConditions,
  bootSimulation,
  type Forecast,
  simulateBoot,
} from '../../../src/core/explain/simulate-boot.ts';
import type { FailurePath } from '../../../src/core/image/generator.ts';
import { slotStates } from '../../../src/core/md/slot-states.ts';
import type { Superblock } from '../../../src/core/md/superblock.ts';
import { parseKernelCmdline } from '../../../src/core/parse/kernel-cmdline.ts';
import { renderExplanationJson } from '../../../src/core/render/commands/explain-json.ts';
import { renderExplanation } from '../../../src/core/render/commands/explain-text.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/watchlist/watchlist.ts';
import { type ArrayPlan, simulate, superblockOf, uuidOf, watchlistOf } from '../../support/simulated-boot.ts';

const conditions = (cmdline = '', sleepMs = 0, patienceMs = 30_000): BootConditions => ({
  options: bootOptions(parseKernelCmdline(cmdline), DEFAULT_SETTINGS),
  sleepMs,
  patienceMs,
});

/** What a member's superblock says otherwise, by `array.role`. */
type Otherwise = Readonly<Record<string, Partial<Superblock>>>;

/** Disks `s0.0`, `s0.1`, ... carry the members of array 0; an upper array's members are the arrays below. */
function bootOf(plans: readonly ArrayPlan[], otherwise: Otherwise = {}, lockedRoot = false): NextBoot {
  const none = { disks: new Set<string>(), arrays: new Set<never>(), passphrase: false };
  const members = plans.flatMap((plan): FutureMember[] =>
    Array.from({ length: plan.standsOn?.length ?? plan.raidDevices }, (_, role) => {
      const device = `s${plan.n}.${role}`;
      const below = plan.standsOn?.[role];
      const on = below === undefined ? { disks: new Set([device]) } : { arrays: new Set([uuidOf(below)]) };
      return {
        device,
        superblock: { ...superblockOf(plan, role), ...otherwise[`${plan.n}.${role}`] },
        need: { ...none, ...on, passphrase: plan.behindPassphrase ?? false },
      };
    }),
  );
  const names = new Set(plans.flatMap((plan) => plan.neededBy ?? ['/']));
  const lower = new Set(plans.flatMap((plan) => plan.standsOn ?? []));
  const mounts = [...names].map((name) => {
    const direct = plans.filter((plan) => (plan.neededBy ?? ['/']).includes(name) && !lower.has(plan.n));
    const passphrase = name === '/' && lockedRoot;
    return { name, need: { ...none, passphrase, arrays: new Set(direct.map(({ n }) => uuidOf(n))) } };
  });
  const deviceNames = new Map(plans.map(({ n }) => [uuidOf(n), `md${n}`]));
  return { watchlist: watchlistOf(plans), members, volumes: [], mounts, deviceNames };
}

const words = (forecast: Forecast, failurePath: FailurePath = { kind: 'shell' }): string =>
  renderExplanation({ forecasts: [forecast], disks: usedDisks(forecast.taken), failurePath }).replace(
    /\s+/g,
    ' ',
  );

const usedDisks = (taken: readonly string[]): Explanation['disks'] =>
  new Map(
    taken.map((device) => [
      device,
      { device, identity: { byId: null, model: 'DISK', serial: device, sizeBytes: null }, isUsed: true },
    ]),
  );

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const RAID5: ArrayPlan = { n: 0, level: 5, raidDevices: 3 };
const RAID6: ArrayPlan = { n: 0, level: 6, raidDevices: 4 };
const RAID10: ArrayPlan = { n: 0, level: 10, raidDevices: 4 };
const MD_ON_MD: readonly ArrayPlan[] = [
  RAID1,
  { n: 1, level: 1, raidDevices: 2 },
  { n: 2, level: 0, raidDevices: 2, standsOn: [0, 1] },
];
const MIRROR_OF_MIRRORS: readonly ArrayPlan[] = [
  RAID1,
  { n: 1, level: 1, raidDevices: 2 },
  { n: 2, level: 1, raidDevices: 2, standsOn: [0, 1] },
];
const LOCKED: readonly ArrayPlan[] = [{ ...RAID1, behindPassphrase: true }];

const onlyKnows = (roles: readonly number[], raidDevices = 2): Partial<Superblock> => {
  const slotHolders = Array.from({ length: raidDevices }, (_, slot) => (roles.includes(slot) ? [slot] : []));
  return { slotHolders, slots: slotStates(slotHolders) };
};

interface Row {
  readonly what: string;
  readonly plans: readonly ArrayPlan[];
  readonly taken?: readonly string[];
  readonly otherwise?: Otherwise;
  readonly conditions?: BootConditions;
  readonly lockedRoot?: boolean;
  readonly outcome: Forecast['outcome'];
  readonly rootAfterS?: number | null;
  readonly layer?: number | null;
  readonly says: RegExp;
}

const rows: readonly Row[] = [
  {
    what: 'all disks',
    plans: [RAID1],
    outcome: 'up',
    rootAfterS: 0,
    says: /^With all disks present, root comes up without waiting; nothing is asked\./,
  },
  {
    what: 'one of a mirror',
    plans: [RAID1],
    taken: ['s0.1'],
    outcome: 'up',
    rootAfterS: 20,
    says: /^Without s0\.1 \(DISK, serial s0\.1\): array a0 \(raid1\) is missing role 1; it starts degraded after 20 s; then root is mounted\./,
  },
  {
    what: 'a whole mirror',
    plans: [RAID1],
    taken: ['s0.0', 's0.1'],
    outcome: 'stops',
    layer: 0,
    says: /cannot be started: none of its members is present; the boot stops at layer 0 and ends in the rescue shell after 30 s\./,
  },
  {
    what: 'one of raid5',
    plans: [RAID5],
    taken: ['s0.2'],
    outcome: 'up',
    rootAfterS: 20,
    says: /is missing role 2; it starts/,
  },
  {
    what: 'two of raid5',
    plans: [RAID5],
    taken: ['s0.0', 's0.2'],
    outcome: 'stops',
    layer: 0,
    says: /array a0 \(raid5\) cannot be started: too few members are present \(1 of 3\)/,
  },
  {
    what: 'two of raid6',
    plans: [RAID6],
    taken: ['s0.0', 's0.2'],
    outcome: 'up',
    rootAfterS: 20,
    says: /roles 0 and 2;/,
  },
  {
    what: 'three of raid6',
    plans: [RAID6],
    taken: ['s0.0', 's0.2', 's0.3'],
    outcome: 'stops',
    layer: 0,
    says: /\(1 of 4\)/,
  },
  {
    what: 'raid10, one of each pair',
    plans: [RAID10],
    taken: ['s0.0', 's0.3'],
    outcome: 'up',
    rootAfterS: 20,
    says: /roles 0 and 3;/,
  },
  {
    what: 'raid10, both of one pair',
    plans: [RAID10],
    taken: ['s0.2', 's0.3'],
    outcome: 'stops',
    layer: 0,
    says: /too few members are present \(2 of 4\)/,
  },
  {
    what: 'raid0',
    plans: [{ n: 0, level: 0, raidDevices: 2 }],
    taken: ['s0.0'],
    outcome: 'stops',
    layer: 0,
    says: /raid0/,
  },
  { what: 'md on md, whole', plans: MD_ON_MD, outcome: 'up', rootAfterS: 0, says: /without waiting/ },
  {
    what: 'md on md, one disk',
    plans: MD_ON_MD,
    taken: ['s1.0'],
    outcome: 'up',
    rootAfterS: 20,
    says: /array a1 \(raid1\) is missing role 0; it starts degraded after 20 s; then root/,
  },
  {
    what: 'md on md, a lower array gone',
    plans: MD_ON_MD,
    taken: ['s1.0', 's1.1'],
    outcome: 'stops',
    layer: 0,
    says: /: array a1 \(raid1\) cannot be started: none of its members is present; the boot stops at layer 0 and ends in the rescue shell after 34 s/,
  },
  {
    what: 'a mirror of mirrors, one of them gone: it is waited for once',
    plans: MIRROR_OF_MIRRORS,
    taken: ['s1.0', 's1.1'],
    outcome: 'up',
    rootAfterS: 24,
    says: /array a1 \(raid1\) cannot be started: none of its members is present, and the boot goes on without it; array a2 \(raid1\) is missing role 1; it starts degraded after 24 s; then root is mounted\./,
  },
  {
    what: 'root behind a passphrase',
    plans: [RAID1],
    taken: ['s0.0'],
    lockedRoot: true,
    outcome: 'up',
    rootAfterS: 20,
    says: /after 20 s; then the passphrase is asked for and root is mounted\. Assumed: .* passphrases typed at once/,
  },
  {
    what: 'an array behind a passphrase, whole',
    plans: LOCKED,
    outcome: 'up',
    rootAfterS: 0,
    says: /root comes up without waiting; only the passphrase is asked for/,
  },
  {
    what: 'an array behind a passphrase, one member',
    plans: LOCKED,
    taken: ['s0.1'],
    outcome: 'up',
    rootAfterS: 20,
    says: /: behind the passphrase, array a0 \(raid1\) is missing role 1; it starts degraded after 20 s; then root is mounted/,
  },
  {
    what: 'degraded = ask',
    plans: [{ ...RAID1, degraded: 'ask' }],
    taken: ['s0.0'],
    outcome: 'asks',
    layer: 0,
    says: /only when you say so \(degraded = "ask"\); the boot needs a person at layer 0; without one, it ends in the rescue shell after 30 s/,
  },
  {
    what: 'degraded = never',
    plans: [{ ...RAID1, degraded: 'never' }],
    taken: ['s0.0'],
    outcome: 'asks',
    layer: 0,
    says: /only by hand \(degraded = "never"\)/,
  },
  {
    what: 'the kernel command line overrides the policy and the wait',
    plans: [{ ...RAID1, degraded: 'never' }],
    taken: ['s0.0'],
    conditions: conditions('reliable_raid.degraded=start reliable_raid.wait=7'),
    outcome: 'up',
    rootAfterS: 7,
    says: /after 7 s/,
  },
  {
    what: 'rootdelay is slept first',
    plans: [RAID1],
    taken: ['s0.0'],
    conditions: conditions('', 60_000, 60_000),
    outcome: 'up',
    rootAfterS: 64,
    says: /after 64 s/,
  },
  {
    what: 'S4: dirty and degraded',
    plans: [RAID5],
    taken: ['s0.0'],
    otherwise: { '0.1': { clean: false }, '0.2': { clean: false } },
    outcome: 'asks',
    layer: 0,
    says: /will not be started automatically: it was not shut down cleanly/,
  },
  {
    what: 'S6: the fresh half is taken away from a degraded mirror',
    plans: [RAID1],
    taken: ['s0.0'],
    otherwise: { '0.0': { ...onlyKnows([0]), events: 20 }, '0.1': { events: 5 } },
    outcome: 'asks',
    layer: 0,
    says: /will not be started automatically: this copy is from .* 5 events behind/,
  },
  {
    what: 'S5: two halves that were used alone',
    plans: [RAID1],
    otherwise: { '0.0': { ...onlyKnows([0]), events: 20 }, '0.1': { ...onlyKnows([1]), events: 25 } },
    outcome: 'asks',
    layer: 0,
    says: /were each used without the other/,
  },
  {
    what: 'the older half of a degraded mirror is there too: the gate holds the newer one, and the engine starts it',
    plans: [RAID1],
    otherwise: { '0.0': { ...onlyKnows([0]), events: 20 } },
    outcome: 'up',
    says: /is missing role 1; it starts degraded/,
  },
  {
    what: 'a member that is being rebuilt does not hold up the boot',
    plans: [RAID1],
    otherwise: { '0.1': { recoveryOffsetSectors: 8 } },
    outcome: 'up',
    rootAfterS: 0,
    says: /is missing role 1; it starts degraded at once; then root/,
  },
  {
    what: 'the swap to resume from is waited for by the generator',
    plans: [RAID1, { n: 1, level: 1, raidDevices: 2, neededBy: ['resume'] }],
    taken: ['s1.0', 's1.1'],
    outcome: 'up',
    rootAfterS: 30,
    says: /array a1 \(raid1\) cannot be started: none of its members is present, and the boot goes on without it; the swap to resume from is missing; then root is mounted after 30 s/,
  },
  {
    what: '/usr is not there',
    plans: [RAID1, { n: 1, level: 1, raidDevices: 2, neededBy: ['/usr'] }],
    taken: ['s1.0', 's1.1'],
    outcome: 'stops',
    layer: 0,
    says: /array a1 \(raid1\) cannot be started/,
  },
];

for (const row of rows) {
  t.test(row.what, async (t) => {
    const boot = bootOf(row.plans, row.otherwise, row.lockedRoot);
    const forecast = simulateBoot(boot, row.taken ?? [], row.conditions ?? conditions());
    t.equal(forecast.outcome, row.outcome);
    t.match(words(forecast), row.says);
    if (row.rootAfterS !== undefined)
      t.equal(forecast.rootAfterMs === null ? null : Math.round(forecast.rootAfterMs / 1000), row.rootAfterS);
    t.equal(forecast.stopsAtLayer, row.layer ?? null);
  });
}

t.test('the policy of this boot is the one that counts', async (t) => {
  const policyWith = (cmdline: string) =>
    simulateBoot(bootOf([{ ...RAID1, degraded: 'ask' }]), ['s0.1'], conditions(cmdline)).arrays[0]?.policy;
  t.equal(policyWith(''), 'ask');
  t.equal(policyWith('reliable_raid.degraded=start'), 'start');
});

t.test('the boot stops at what could run with what it has, not at what is gone below it', async (t) => {
  const never = MIRROR_OF_MIRRORS.map((plan) =>
    plan.n === 2 ? { ...plan, degraded: 'never' as const } : plan,
  );
  const stopping = (plans: readonly ArrayPlan[], taken: readonly string[]) => {
    const { outcome, stopsAtLayer, arrays } = simulateBoot(bootOf(plans), taken, conditions());
    const names = arrays.filter(({ stopsTheBoot }) => stopsTheBoot).map(({ array }) => array.name);
    return [outcome, stopsAtLayer, ...names];
  };
  t.same(stopping(never, ['s0.0', 's0.1']), ['asks', 1, 'a2']);
  t.same(stopping(never, ['s0.0', 's0.1', 's1.0', 's1.1']), ['stops', 0, 'a0', 'a1']);
  const usr = { ...RAID1, n: 3, neededBy: ['/usr'] };
  const gone = ['s0.0', 's0.1', 's3.0', 's3.1'];
  t.same(stopping([...never, usr], gone), ['stops', 0, 'a2', 'a3'], 'the lowest of several');
});

t.test('no answer helps where a mount stands on a disk that is gone, beside the array', async (t) => {
  const boot = bootOf([{ ...RAID1, degraded: 'ask' }]);
  const mounts = boot.mounts.map(({ name, need }) => ({
    name,
    need: { ...need, disks: new Set(['plain']) },
  }));
  const outcomeOf = (...taken: readonly string[]) =>
    simulateBoot({ ...boot, mounts }, taken, conditions()).outcome;
  t.equal(outcomeOf('s0.1'), 'asks');
  t.equal(outcomeOf('s0.1', 'plain'), 'stops');
});

t.test(
  "behind a passphrase the generator's patience begins anew, unless the boot has failed before",
  async (t) => {
    const locked: ArrayPlan = { ...RAID5, behindPassphrase: true, neededBy: ['/home'] };
    const before: ArrayPlan = { ...RAID1, n: 1 };
    const endWith = (...taken: readonly string[]) =>
      simulateBoot(bootOf([locked, before]), taken, conditions('reliable_raid.wait=5')).endAfterMs;
    const [first, second] = ['s0.0', 's0.1'];
    t.equal(endWith(first, second), 30_000, 'it began at once');
    t.equal(endWith(first, second, 's1.0'), 35_100, 'after the 5 s of the array before it');
    t.equal(
      endWith(first, second, 's1.0', 's1.1'),
      45_000,
      'its own wait and ten seconds, after 30 s in vain',
    );
  },
);

t.test('a volume in a container is started whole by udev, or is none of ours', async (t) => {
  const plain = bootOf([{ ...RAID1, raidDevices: 2 }]);
  const arrays = plain.watchlist.arrays.map((array) => ({
    ...array,
    metadata: 'imsm' as const,
    members: [],
  }));
  const need = { disks: new Set(['sda', 'sdb']), arrays: new Set<never>(), passphrase: false };
  const boot: NextBoot = {
    ...plain,
    watchlist: { ...plain.watchlist, arrays },
    members: [],
    volumes: [{ uuid: uuidOf(0), degraded: 0, need }],
  };
  t.match(simulateBoot(boot, [], conditions()), { outcome: 'up', rootAfterMs: 0 });
  const gone = simulateBoot(boot, ['sdb'], conditions());
  t.match(gone, { outcome: 'stops', stopsAtLayer: 0 });
  t.match(
    words(gone),
    /will not be started automatically: imsm arrays are started by their container only; the boot stops/,
  );
});

t.test('the end is what the machine is told: panic= restarts it', async (t) => {
  const forecast = simulateBoot(bootOf([RAID5]), ['s0.0', 's0.1'], conditions('panic=10'));
  t.match(words(forecast, { kind: 'restart', why: 'panic=10' }), /ends in a restart \(panic=10\) after 30 s/);
});

t.test('texts from disks are escaped, and no line is wider than 79', async (t) => {
  const forecast = simulateBoot(bootOf([RAID1]), ['s0.0'], conditions());
  const identity = { byId: null, model: '\x1b[2J\u202eevil', serial: '\x07'.repeat(400), sizeBytes: null };
  const disks = new Map([['s0.0', { device: 's0.0', identity, isUsed: true }]]);
  const text = renderExplanation({
    forecasts: [forecast],
    disks,
    failurePath: { kind: 'restart', why: 'panic=\x1b' },
  });
  t.notMatch(text, /[^\n\x20-\x7e]/);
  t.ok(text.split('\n').every((line) => line.length <= 79));
});

const plansAndDisks = fc
  .array(
    fc.record({
      level: fc.constantFrom(0, 1, 4, 5, 6, 10),
      raidDevices: fc.integer({ min: 1, max: 4 }),
      degraded: fc.constantFrom('start' as const, 'ask' as const, 'never' as const),
      upper: fc.boolean(),
      taken: fc.array(fc.nat(3), { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((drafts) => {
    const plans = drafts.map(({ level, raidDevices, degraded, upper }, n): ArrayPlan => {
      const plan = { n, level, raidDevices, degraded };
      return upper && n > 0 ? { ...plan, raidDevices: 1, standsOn: [n - 1] } : plan;
    });
    const taken = drafts.flatMap((draft, n) =>
      plans[n]?.standsOn === undefined ? draft.taken.map((role) => `s${n}.${role}`) : [],
    );
    return { plans, taken };
  });

t.test("the answer is what the tests' own machine sees the engine do", async (t) => {
  fc.assert(
    fc.property(plansAndDisks, ({ plans, taken }) => {
      const forecast = simulateBoot(bootOf(plans), taken, conditions());
      const arrivals = plans.flatMap((plan) =>
        plan.standsOn === undefined
          ? Array.from({ length: plan.raidDevices }, (_, role) => ({ n: plan.n, role }))
          : [],
      );
      const run = simulate(
        plans,
        arrivals
          .filter(({ n, role }) => !taken.includes(`s${n}.${role}`))
          .map(({ n, role }) => ({ atMs: 0, kind: 'arrives' as const, n, role })),
        { discoveryAtMs: 0, startedAtMs: 0, generatorLimitAtMs: 30_000 },
      );
      for (const { array, state, startedAfterMs } of forecast.arrays) {
        const phase = run.state.progress.get(array.uuid)?.phase.kind;
        const started = run.timeline.findLast(
          (entry) => entry.kind === 'array-started' && entry.array === array.uuid,
        );
        if ((state !== 'not-started') !== (phase === 'up'))
          throw new Error(`${array.name}: ${state}, ${phase}`);
        if (startedAfterMs !== (started?.atMs ?? null))
          throw new Error(`${array.name}: ${startedAfterMs}, ${started?.atMs}`);
      }
      if ((forecast.outcome === 'up') !== (run.outcome === 'up')) throw new Error(`${run.outcome}`);
      if (forecast.outcome === 'up' && forecast.endAfterMs !== run.endMs) throw new Error('another time');
    }),
    { numRuns: 1000 },
  );
  t.pass('1,000 machines');
});

t.test('what is simulated once for all cases changes nothing in any', async (t) => {
  let wholeOnes = 0;
  fc.assert(
    fc.property(
      plansAndDisks,
      fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
      fc.boolean(),
      fc.constantFrom('', 'reliable_raid.wait=0', 'reliable_raid.wait=5'),
      ({ plans, taken }, locked, lockedRoot, cmdline) => {
        const some = plans.map((plan) => ({ ...plan, behindPassphrase: locked[plan.n] === true }));
        const boot = bootOf(some, {}, lockedRoot);
        const simulation = bootSimulation(boot, conditions(cmdline));
        if (simulation([]).arrays.every(({ state }) => state === 'found')) wholeOnes += 1;
        for (const disks of [[], ['elsewhere'], taken, ...taken.map((disk) => [disk])]) {
          const [once, alone] = [simulation(disks), simulateBoot(boot, disks, conditions(cmdline))];
          if (!isDeepStrictEqual(once, alone))
            throw new Error(`${JSON.stringify(once)}\n${JSON.stringify(alone)}`);
        }
      },
    ),
    { numRuns: 2000 },
  );
  t.ok(wholeOnes > 1000, `${wholeOnes} of 2,000 machines are whole`);
});

const anySuperblock = fc.record({
  events: fc.integer({ min: 8, max: 14 }),
  clean: fc.boolean(),
  reshaping: fc.constantFrom(false, false, false, true),
  needsJournal: fc.constantFrom(false, false, false, true),
  recoveryOffsetSectors: fc.constantFrom(null, null, null, 8),
  knows: fc.array(fc.nat(3), { minLength: 2, maxLength: 8 }),
});

t.test('whatever the superblocks say: an end, the same each time, in words', async (t) => {
  fc.assert(
    fc.property(
      plansAndDisks,
      fc.array(anySuperblock, { minLength: 16, maxLength: 16 }),
      fc.constantFrom('', 'panic=1', 'reliable_raid.stale=start', 'reliable_raid.wait=0'),
      ({ plans, taken }, drafts, cmdline) => {
        const otherwise: Record<string, Partial<Superblock>> = {};
        for (const plan of plans)
          for (let role = 0; role < plan.raidDevices; role++) {
            const { knows, ...draft } = drafts[plan.n * 4 + role] ?? { knows: [] };
            otherwise[`${plan.n}.${role}`] = { ...draft, ...onlyKnows([...knows, role], plan.raidDevices) };
          }
        const boot = bootOf(plans, otherwise);
        const [once, again] = [0, 1].map(() => {
          const forecast = simulateBoot(boot, taken, conditions(cmdline));
          return {
            forecasts: [forecast],
            disks: usedDisks(taken),
            failurePath: { kind: 'shell' as const },
          };
        });
        if (once === undefined || again === undefined) throw new Error('none');
        const text = renderExplanation(once);
        if (text !== renderExplanation(again) || renderExplanationJson(once) !== renderExplanationJson(again))
          throw new Error('not the same twice');
        if (/[^\n\x20-\x7e]/.test(text) || text.split('\n').some((line) => line.length > 79))
          throw new Error(text);
        const [forecast] = once.forecasts;
        if (forecast === undefined || forecast.endAfterMs > 1_000_000) throw new Error('no end');
        if (forecast.outcome !== 'up' && forecast.stopsAtLayer === null) throw new Error('nothing stops it');
        if ((forecast.outcome === 'up') !== (forecast.rootAfterMs !== null)) throw new Error('no time');
      },
    ),
    { numRuns: 1000 },
  );
  t.pass('1,000 machines');
});
