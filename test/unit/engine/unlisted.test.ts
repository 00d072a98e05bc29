import { test } from 'tap';
import type { EngineOptions } from '../../../src/core/engine/state.ts';
import { isNotNeeded } from '../../../src/core/engine/unlisted.ts';
import { waitingArrays } from '../../../src/core/engine/waiting.ts';
import type { EngineRun } from '../../../src/core/explain/run-engine.ts';
import { engineState } from '../../support/engine-state.ts';
import {
  type ArrayPlan,
  arrives,
  at,
  simulate,
  touched,
  uuidOf,
  watched,
} from '../../support/simulated-boot.ts';

const LISTED: ArrayPlan = { n: 0, level: 1, raidDevices: 2 };
const OTHER: ArrayPlan = { n: 1, level: 1, raidDevices: 2, listed: false };
const all: Partial<EngineOptions> = { scope: 'all' };
const early: Partial<EngineOptions> = { scope: 'before-passphrase' };
const said = (run: EngineRun): readonly string[] => run.said.map(({ kind }) => kind);

test('root grew onto a mirror that is not listed, and a disk of it is missing: its wait, then root', async (t) => {
  const run = simulate([LISTED, OTHER], [...arrives(1500, 0, 0, 1), ...arrives(1500, 1, 0)], all, 1);
  t.equal(run.outcome, 'up');
  t.equal(at(run, 'unlisted'), 3000);
  t.equal(at(run, 'notice'), 11_000);
  t.equal(at(run, 'deadline'), 21_000);
  t.same(touched(run), [uuidOf(1)]);
  t.same(said(run), ['unlisted', 'notice', 'starting', 'runs-degraded']);
});

test('root moved to it: what is gone is waited for no longer than the one that is there', async (t) => {
  const run = simulate([LISTED, OTHER], arrives(1500, 1, 0), early, 1);
  t.equal(run.outcome, 'up');
  t.equal(at(run, 'unlisted'), 21_000);
  t.equal(at(run, 'deadline'), 21_000);
  t.same(said(run).slice(-4), ['unlisted', 'starting', 'not-needed', 'runs-degraded']);
  const whole = simulate([LISTED, OTHER], arrives(1500, 1, 0, 1), early, 1);
  t.equal(whole.outcome, 'up');
  t.equal(whole.endMs, 3000, 'nobody waits for an array that is gone');
  t.same(said(whole), ['not-needed']);
});

test('nothing outside the list is touched', async (t) => {
  const half = [...arrives(1500, 0, 0, 1), ...arrives(1500, 1, 0)];
  for (const [what, happenings, options, rootOn] of [
    ['while what the boot waits for is there', half, all, 0],
    ['while nobody looks for it', half, all, undefined],
    ['before the scripts that bring up volumes had their turn', half, early, 1],
    ['while a listed array has members', [...arrives(1500, 0, 0), ...arrives(1500, 1, 0)], early, 0],
  ] as const) {
    const run = simulate([LISTED, OTHER], happenings, options, rootOn);
    t.notOk(touched(run).includes(uuidOf(1)), what);
    t.equal(run.outcome, 'up', what);
  }
  const never = simulate([{ ...LISTED, degraded: 'never' }, OTHER], half.slice(1), early, 1);
  t.same(touched(never), [], 'a listed array that may not be started');
  t.equal(never.outcome, 'handover');
});

test('it has not brought root: the distribution takes over, unless that would start what is doubtful', async (t) => {
  const plans = [LISTED, OTHER, { ...OTHER, n: 2 }];
  const half = [...arrives(1500, 0, 0, 1), ...arrives(1500, 1, 0)];
  const run = simulate(plans, half, all, 2);
  t.equal(run.outcome, 'given-back');
  t.ok(run.endMs < 22_000, 'in time');
  t.same(touched(run), [uuidOf(1)]);
  const tooFew = { ...OTHER, level: 5, raidDevices: 3 };
  t.equal(simulate([LISTED, tooFew], half, all, 2).outcome, 'given-back');
  const asked = simulate([{ ...LISTED, degraded: 'ask' }, OTHER], half, all, 2);
  t.equal(asked.outcome, 'handover', 'as configured for all that is listed');
  t.same(touched(asked), []);
});

test('a listed array lacks a member that is on an array which did not run when the list was made', async (t) => {
  const upper: ArrayPlan = { n: 0, level: 5, raidDevices: 3, standsOn: [1], listedStandsOn: [] };
  const half = [...arrives(1500, 0, 2), ...arrives(1500, 1, 0)];
  for (const scope of [all, early]) {
    const run = simulate([upper, OTHER], half, scope, 0);
    t.equal(run.outcome, 'up');
    t.equal(at(run, 'unlisted'), 21_000, 'not before its wait is over');
    t.same(touched(run), [uuidOf(1), uuidOf(0)]);
    t.ok(run.said.some((message) => message.kind === 'unlisted' && message.because === 'too-few'));
  }
  const hidden = simulate([upper, { ...OTHER, assembled: false }], half, { ...all, hidesUnlisted: true }, 0);
  t.equal(hidden.outcome, 'given-back', 'shown first, where the image hides it');
  t.equal(hidden.endMs, 21_000);
});

test('a listed array that has too few members is waited for as long as without any other', async (t) => {
  const parity: ArrayPlan = { n: 0, level: 5, raidDevices: 3 };
  const few = arrives(1500, 0, 2);
  const alone = simulate([parity, OTHER], few, all, 0);
  t.equal(alone.outcome, 'handover');
  t.equal(simulate([parity, OTHER], few, { ...all, hidesUnlisted: true }, 0).endMs, alone.endMs);
  const besideHalf = [...few, ...arrives(1500, 1, 0)];
  const beside = simulate([parity, OTHER], besideHalf, all, 0);
  t.equal(beside.outcome, 'given-back', 'then the distribution starts what it can');
  t.equal(beside.endMs, alone.endMs);
  const late = simulate([parity, OTHER], [...besideHalf, ...arrives(30_000, 0, 1)], all, 0);
  t.equal(late.outcome, 'up');
  t.same(touched(late), [uuidOf(1), uuidOf(0)]);
});

test('an array of another machine is left to the distribution', async (t) => {
  const foreign: ArrayPlan = { ...OTHER, host: 'elsewhere' };
  const whole = [...arrives(1500, 0, 0, 1), ...arrives(1500, 1, 0)];
  const run = (listed: ArrayPlan, other: ArrayPlan) => simulate([listed, other], whole, all, 1);
  t.same(touched(run(LISTED, foreign)), []);
  t.same(touched(run(LISTED, { ...OTHER, host: 'test' })), [uuidOf(1)], 'the host that the list names');
  t.same(touched(run({ ...LISTED, host: 'elsewhere' }, foreign)), [uuidOf(1)], 'the host of a listed array');
  t.same(touched(run(LISTED, { ...OTHER, host: 'any' })), [uuidOf(1)], 'every host');
  t.same(touched(run(LISTED, { ...foreign, isLocal: true })), [uuidOf(1)], 'mdadm calls it local');
  const parity: ArrayPlan = { n: 0, level: 5, raidDevices: 3 };
  const hidden = simulate(
    [parity, { ...foreign, assembled: false }],
    [...arrives(1500, 0, 2), ...arrives(1500, 1, 0)],
    { ...all, hidesUnlisted: true },
    0,
  );
  t.equal(hidden.outcome, 'handover', 'nothing is shown for its sake');
  t.same(touched(run({ ...LISTED, host: 'elsewhere' }, OTHER)), [uuidOf(1)], 'a name without a host');
});

test('what could not be followed: looked after before the passphrase, at the deadline', async (t) => {
  const options = { ...early, needsUnlisted: true };
  const both = simulate([LISTED, OTHER], [...arrives(1500, 0, 0), ...arrives(1500, 1, 0)], options, 0);
  t.equal(both.outcome, 'up');
  t.same(touched(both), [uuidOf(0), uuidOf(1)]);
  t.ok((at(both, 'unlisted') ?? 0) >= 21_000);
  const only = simulate([LISTED, OTHER], [...arrives(1500, 0, 0, 1), ...arrives(1500, 1, 0)], options, 0);
  t.equal(at(only, 'deadline'), 21_000, 'whatever is there already');
  const late = simulate(
    [LISTED, OTHER],
    [...arrives(1500, 0, 0, 1), ...arrives(1500, 1, 0), ...arrives(9000, 1, 1)],
    options,
    0,
  );
  t.equal(late.endMs, 9000);
  t.same(touched(late), [], 'complete in time');
});

test('a listed array that is gone, and what else speaks for waiting', async (t) => {
  const gone = watched(LISTED);
  const need = (more: object, awaitedIsThere: boolean | undefined, tree: readonly object[] = []): boolean => {
    const state = engineState([{ ...gone, ...more }]);
    const snapshot = awaitedIsThere === undefined ? state.snapshot : { ...state.snapshot, awaitedIsThere };
    const seen = { ...state, snapshot, watchlist: { ...state.watchlist, tree: tree as never } };
    const [waiting] = waitingArrays(seen, 5000);
    return waiting === undefined || !isNotNeeded(waiting, seen);
  };
  t.equal(need({}, true), false);
  t.equal(need({}, false), true);
  t.equal(need({}, undefined), true);
  t.equal(need({ neededBy: ['/', 'resume', 'crypttab root'] }, true), false);
  t.equal(need({ neededBy: ['/', '/usr'] }, true), true, 'another mount needs it');
  t.equal(need({ neededBy: ['/', 'crypttab root key'] }, true), true, 'the key of what is there');
  const btrfs = { kind: 'btrfs', label: '', uuid: null, children: [] };
  t.equal(
    need({}, true, [{ ...btrfs, kind: 'mount', children: [btrfs] }]),
    true,
    'one file system of several devices',
  );
});

test('an image that hides what is not listed: the engine asks for it, when it would look there', async (t) => {
  const hidden = { ...all, hidesUnlisted: true };
  const whole = [...arrives(1500, 0, 0, 1)];
  const beyond = simulate([LISTED, OTHER], whole, hidden, 1);
  t.equal(beyond.outcome, 'given-back');
  t.same(touched(beyond), []);
  t.equal(simulate([LISTED, OTHER], whole, hidden, 0).outcome, 'up', 'not while root is there');
  const gone = simulate([LISTED, OTHER], [], { ...early, hidesUnlisted: true }, 1);
  t.equal(gone.outcome, 'given-back');
  t.equal(gone.endMs, 21_000, 'a listed array that is gone has its wait first');
  const half = simulate([LISTED, OTHER], arrives(1500, 0, 0), { ...early, hidesUnlisted: true }, 0);
  t.equal(half.outcome, 'up', 'a listed array that is there is started');
});
