import fc from 'fast-check';
import t from 'tap';
import type { ShellDenial } from '../../../src/core/configuration/shell-denial.ts';
import type { Message } from '../../../src/core/engine/messages.ts';
import type { EngineRun } from '../../../src/core/explain/run-engine.ts';
import { type ArrayPlan, type Happening, simulate, uuidOf } from '../../support/simulated-boot.ts';

const RAID1: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const arrives = (atMs: number, n: number, role: number): Happening => ({ atMs, kind: 'arrives', n, role });
const key = (atMs: number, pressed: 'escape' | 'd' | 'return'): Happening => ({
  atMs,
  kind: 'key',
  key: pressed,
});
const kinds = (run: EngineRun): string[] => run.timeline.map((entry) => entry.kind);
const at = (run: EngineRun, kind: string): number | undefined =>
  run.timeline.find((entry) => entry.kind === kind)?.atMs;
/** What was said of that kind. */
const said = <K extends Message['kind']>({ said: messages }: EngineRun, kind: K) =>
  messages.filter((message): message is Extract<Message, { readonly kind: K }> => message.kind === kind);
const commandKinds = (run: EngineRun): string[] => run.commands.map(({ command }) => command.kind);

t.test('everything there: nothing is shown, nothing is run', async (t) => {
  const run = simulate([RAID1], [arrives(1500, 0, 0), arrives(1600, 0, 1)]);
  t.equal(run.outcome, 'up');
  t.same(run.said, []);
  t.same(run.commands, []);
});

t.test('one missing: notice at 10 s, started at 20 s after discovery, udev settled, finished', async (t) => {
  const run = simulate([RAID1], [arrives(1500, 0, 0)]);
  t.equal(run.outcome, 'up');
  t.equal(at(run, 'notice'), 11_000);
  t.equal(at(run, 'deadline'), 21_000);
  t.same(commandKinds(run), ['run-array', 'settle']);
  t.match(said(run, 'notice'), [
    {
      arrays: [
        {
          array: { name: 'a0', raidDevices: 2 },
          verdict: { kind: 'startable', missingRoles: [1] },
          policy: 'start',
          waitedMs: 10_000,
          leftMs: 10_000,
        },
      ],
      canStart: true,
      shellDenied: null,
    },
  ]);
  t.match(
    run.timeline.find(({ kind }) => kind === 'notice'),
    { array: uuidOf(0), missingRoles: [1], waitedMs: 10_000, leftMs: 10_000 },
  );
  t.match(said(run, 'starting'), [{ array: { name: 'a0' }, wasNoticed: true, writtenMs: 1000 }]);
  t.match(said(run, 'runs-degraded'), [{ arrays: [{ name: 'a0' }] }], 'last');
  t.equal(run.said.length, 3);
});

t.test('late member: complete, the engine finishes on that very event', async (t) => {
  const run = simulate([RAID1], [arrives(1500, 0, 0), arrives(9000, 0, 1)]);
  t.equal(run.outcome, 'up');
  t.equal(run.endMs, 9000);
  t.same(run.commands, []);
});

t.test('Esc and d start at once, but only after the notice', async (t) => {
  for (const pressed of ['escape', 'd'] as const) {
    const run = simulate([RAID1], [arrives(1500, 0, 0), key(5000, pressed), key(13_000, pressed)]);
    t.equal(at(run, 'deadline'), 13_000, pressed);
    t.equal(run.outcome, 'up');
  }
});

t.test('Return opens a shell; the clock stands still until it is left', async (t) => {
  const run = simulate(
    [RAID1],
    [arrives(1500, 0, 0), key(15_000, 'return'), { atMs: 65_000, kind: 'shell-left' }],
  );
  t.ok(kinds(run).includes('shell-opened'));
  t.equal(at(run, 'deadline'), 71_000, 'the six seconds that were left');
});

t.test('S10: Return where no shell is allowed: said, and the countdown goes on', async (t) => {
  const why: ShellDenial = { by: 'kernel-argument', argument: 'panic=10' };
  const run = simulate([RAID1], [arrives(1500, 0, 0), key(15_000, 'return')], { shellDenied: why });
  t.match(said(run, 'no-shell'), [{ why }]);
  t.match(said(run, 'notice'), [{ shellDenied: why }]);
  t.match(
    run.timeline.find(({ kind }) => kind === 'shell-denied'),
    { detail: 'panic=10' },
  );
  t.equal(at(run, 'deadline'), 21_000);
});

t.test('too few: named at the deadline, waited for, handed over at the limit', async (t) => {
  const run = simulate([{ n: 0, level: 5, raidDevices: 3 }], [arrives(1500, 0, 0)]);
  t.equal(run.outcome, 'handover');
  t.equal(at(run, 'not-startable'), 21_000);
  t.equal(run.endMs, 34_000);
  t.match(said(run, 'not-startable'), [
    { array: { name: 'a0' }, verdict: { kind: 'insufficient', missingRoles: [1, 2] }, failure: null },
  ]);
  t.match(
    run.timeline.find(({ kind }) => kind === 'not-startable'),
    { array: uuidOf(0), reason: 'too-few', missingRoles: [1, 2] },
  );
  t.match(said(run, 'handover'), [{ arrays: [{ name: 'a0' }], reportPath: '/run/reliable-raid/boot.json' }]);
  t.same(run.commands, []);
});

t.test('S7: mdadm --run returns 0 and does nothing: read-auto is written', async (t) => {
  const run = simulate([{ ...RAID1, run: 'silent' }], [arrives(1500, 0, 0)]);
  t.equal(run.outcome, 'up');
  t.same(commandKinds(run), ['run-array', 'write-read-auto', 'settle']);
});

t.test('a start that fails half way: stopped, and tried again when a member comes', async (t) => {
  const run = simulate(
    [{ n: 0, level: 6, raidDevices: 4, run: 'fails' }],
    [arrives(1500, 0, 0), arrives(1500, 0, 1), arrives(28_000, 0, 2)],
  );
  t.equal(run.outcome, 'handover');
  t.same(commandKinds(run), [
    'run-array',
    'stop-array',
    'settle',
    'assemble',
    'run-array',
    'stop-array',
    'settle',
  ]);
  const failure = { reason: 'not-run', device: 'md0', detail: 'refused' };
  t.match(said(run, 'not-startable'), [{ verdict: { kind: 'startable' }, failure }, { failure }]);
  t.match(
    run.timeline.filter(({ kind }) => kind === 'start-failed'),
    [
      { array: uuidOf(0), ...failure, attempts: 1 },
      { array: uuidOf(0), ...failure, attempts: 2 },
    ],
  );
});

t.test('S7: an array that udev never assembled is assembled incrementally from its members', async (t) => {
  const degraded = simulate([{ ...RAID1, assembled: false }], [arrives(1500, 0, 0)]);
  t.same(commandKinds(degraded), ['assemble', 'run-array', 'settle']);
  t.equal(at(degraded, 'deadline'), 21_000);
  const complete = simulate([{ ...RAID1, assembled: false }], [arrives(1500, 0, 0), arrives(4000, 0, 1)]);
  t.same(commandKinds(complete), ['assemble', 'settle']);
  t.equal(complete.commands[0]?.atMs, 6000, 'no deadline has to pass: nothing is missing');
});

t.test('degraded = ask: only a key starts it; never: not even a key', async (t) => {
  const asked = simulate([{ ...RAID1, degraded: 'ask' }], [arrives(1500, 0, 0)]);
  t.equal(asked.outcome, 'handover');
  t.same(asked.commands, []);
  const answered = simulate([{ ...RAID1, degraded: 'ask' }], [arrives(1500, 0, 0), key(15_000, 'd')]);
  t.equal(answered.outcome, 'up');
  const never = simulate([{ ...RAID1, degraded: 'never' }], [arrives(1500, 0, 0), key(15_000, 'd')]);
  t.same(never.commands, []);
});

t.test('a passphrase prompt stops the clock and takes no key', async (t) => {
  const run = simulate(
    [RAID1],
    [
      arrives(1500, 0, 0),
      { atMs: 15_000, kind: 'prompt', open: true },
      key(16_000, 'return'),
      { atMs: 45_000, kind: 'prompt', open: false },
    ],
  );
  t.equal(at(run, 'deadline'), 51_000);
  t.notOk(kinds(run).includes('shell-opened'));
});

t.test(
  'rootdelay has slept the wait away: said at the first look, and started four seconds later',
  async (t) => {
    const run = simulate([RAID1], [arrives(1500, 0, 0)], { startedAtMs: 62_000, generatorLimitAtMs: 63_000 });
    t.equal(run.outcome, 'up');
    t.equal(at(run, 'notice'), 62_000);
    t.equal(at(run, 'deadline'), 66_000);
    t.match(said(run, 'starting'), [
      { array: { name: 'a0' }, presence: { filledCount: 1, absent: [{ role: 1 }] }, wasNoticed: true },
    ]);
    const late = simulate([RAID1], [arrives(1500, 0, 0), arrives(64_000, 0, 1)], {
      startedAtMs: 62_000,
      generatorLimitAtMs: 63_000,
    });
    t.notOk(kinds(late).includes('deadline'), 'a disk that its driver finds after the sleep makes it whole');
    t.equal(late.endMs, 64_000);
  },
);

const machine = fc.record({
  plans: fc
    .array(
      fc.record({
        level: fc.constantFrom(0, 1, 4, 5, 6, 10),
        raidDevices: fc.integer({ min: 1, max: 4 }),
        listed: fc.boolean(),
        assembled: fc.boolean(),
        degraded: fc.constantFrom('start' as const, 'ask' as const, 'never' as const),
        run: fc.constantFrom('works' as const, 'silent' as const, 'fails' as const),
        resume: fc.boolean(),
        upper: fc.boolean(),
      }),
      { minLength: 1, maxLength: 4 },
    )
    .map((drafts): ArrayPlan[] =>
      drafts.map(({ upper, resume, ...draft }, n) => ({
        ...draft,
        n,
        neededBy: [resume ? 'resume' : '/'],
        ...(upper && n > 0 ? { standsOn: [n - 1], raidDevices: Math.min(draft.raidDevices, 2) } : {}),
      })),
    ),
  happenings: fc.array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          atMs: fc.integer({ min: 0, max: 60_000 }),
          kind: fc.constant('arrives' as const),
          n: fc.integer({ min: 0, max: 3 }),
          role: fc.integer({ min: 0, max: 3 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          atMs: fc.integer({ min: 0, max: 60_000 }),
          kind: fc.constant('leaves' as const),
          n: fc.integer({ min: 0, max: 3 }),
          role: fc.integer({ min: 0, max: 3 }),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          atMs: fc.integer({ min: 0, max: 60_000 }),
          kind: fc.constant('key' as const),
          key: fc.constantFrom('escape' as const, 'd' as const),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          atMs: fc.integer({ min: 0, max: 60_000 }),
          kind: fc.constant('jump' as const),
          byMs: fc.integer({ min: -30_000, max: 3_600_000 }),
        }),
      },
    ),
    { maxLength: 24 },
  ),
});

t.test(
  'S1, S2: whatever happens: never outside the list, never before the deadline, always an end',
  async (t) => {
    fc.assert(
      fc.property(machine, ({ plans, happenings }) => {
        const listed = plans.filter((plan) => plan.listed !== false);
        const settled = listed.filter((plan) =>
          (plan.standsOn ?? []).every((n) => listed.some((below) => below.n === n)),
        );
        const run = simulate(
          settled.length === listed.length ? plans : plans.map((plan) => ({ ...plan, listed: true })),
          happenings,
        );
        const names = new Set(
          (settled.length === listed.length ? listed : plans).map((plan) => uuidOf(plan.n) as string),
        );
        const keys = happenings.filter((happening) => happening.kind === 'key');
        if (run.outcome === null) throw new Error('no end');
        for (const { command } of run.commands) {
          if (command.kind !== 'settle' && !names.has(command.uuid))
            throw new Error(`touched ${command.uuid}`);
        }
        for (const entry of run.timeline) {
          if (entry.kind !== 'deadline') continue;
          const pressed = keys.some((pressedKey) => pressedKey.atMs <= entry.atMs);
          if (!pressed && entry.atMs < 21_000) throw new Error(`degraded at ${entry.atMs} without a key`);
        }
      }),
      { numRuns: 2000 },
    );
    t.pass('2,000 machines');
  },
);

t.test(
  'S1, S2, S15: what is not listed is touched only after it was said to be, and never degraded before its deadline',
  async (t) => {
    let adopted = 0;
    const options = fc.record({
      scope: fc.constantFrom('all' as const, 'before-passphrase' as const),
      needsUnlisted: fc.boolean(),
      hidesUnlisted: fc.boolean(),
    });
    fc.assert(
      fc.property(machine, options, fc.nat(3), ({ plans, happenings }, more, rootOn) => {
        const flat = plans.map(({ standsOn: _, ...plan }) => plan);
        const run = simulate(flat, happenings, more, rootOn);
        const listed = new Set(flat.filter((plan) => plan.listed).map((plan) => uuidOf(plan.n) as string));
        const keys = happenings.filter((happening) => happening.kind === 'key');
        if (run.outcome === null) throw new Error('no end');
        const saidAtMs = new Map<string, number>();
        for (const entry of run.timeline)
          if (entry.kind === 'unlisted') for (const uuid of entry.arrays) saidAtMs.set(uuid, entry.atMs);
        adopted += saidAtMs.size;
        for (const { atMs, command } of run.commands)
          if (
            command.kind !== 'settle' &&
            !listed.has(command.uuid) &&
            !(atMs >= (saidAtMs.get(command.uuid) ?? Infinity))
          )
            throw new Error(`touched ${command.uuid}`);
        for (const entry of run.timeline) {
          if (entry.kind !== 'deadline') continue;
          const pressed = keys.some((pressedKey) => pressedKey.atMs <= entry.atMs);
          if (!pressed && entry.atMs < 21_000) throw new Error(`degraded at ${entry.atMs} without a key`);
        }
      }),
      { numRuns: 2000 },
    );
    t.ok(adopted > 30, `${adopted} adopted`);
  },
);

t.test('degraded = ask after rootdelay has slept the wait away: told, and a key still counts', async (t) => {
  const late = { startedAtMs: 40_000, generatorLimitAtMs: 41_000 };
  const ask: ArrayPlan = { ...RAID1, degraded: 'ask' };
  const silent = simulate([ask], [arrives(1500, 0, 0)], late);
  t.equal(silent.outcome, 'handover');
  t.equal(silent.endMs, 54_000);
  t.match(said(silent, 'notice'), [{ arrays: [{ policy: 'ask' }], canStart: true }]);
  const told = simulate([ask], [arrives(1500, 0, 0), key(43_000, 'd')], late);
  t.equal(told.outcome, 'up');
  t.equal(at(told, 'deadline'), 43_000);
});
