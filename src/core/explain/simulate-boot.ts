import type { BootOptions } from '../configuration/boot-options.ts';
import { type Stage, stageOptions } from '../engine/stage-options.ts';
import { initialState } from '../engine/state.ts';
import type { Finding } from '../inspect/finding.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { StartFailure } from '../report/timeline.ts';
import { missingRoles } from '../verdict/describe-missing.ts';
import { judgeArray } from '../verdict/judge-array.ts';
import { presenceOf } from '../verdict/presence.ts';
import { questionOf } from '../verdict/question.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { DegradedPolicy, WatchedArray } from '../watchlist/watchlist.ts';
import type { FutureMount, NextBoot } from './next-boot.ts';
import { partsOf } from './part-of-boot.ts';
import { type EngineRun, runEngine } from './run-engine.ts';
import { type KnownRunning, SimulatedMd } from './simulated-md.ts';

/** How the boot image is told to behave besides the watchlist. */
export interface BootConditions {
  readonly options: BootOptions;
  /** How long the generator waits for root before it gives up. */
  readonly patienceMs: number;
  /** Slept before the first stage (`rootdelay=`). */
  readonly sleepMs: number;
}

export interface ArrayForecast {
  readonly array: WatchedArray;
  /** `found`: udev started it, without a wait; `started`: the engine did. */
  readonly state: 'found' | 'started' | 'not-started';
  /** When the engine started it, after the search for devices began. */
  readonly startedAfterMs: number | null;
  readonly missingRoles: readonly number[];
  /** Slots of the array, as the members that are left know it. */
  readonly slotCount: number;
  /** What its members allow at the end. */
  readonly verdict: Verdict;
  readonly policy: DegradedPolicy;
  /** Of the last start that failed. */
  readonly failure: StartFailure | null;
  /** A mount is missing because of this array, and not because of one below it. */
  readonly stopsTheBoot: boolean;
  /** A person can start it with the present members: by a key, an answer, or by hand. */
  readonly canBeAnswered: boolean;
}

export interface Forecast {
  /** Kernel names of the disks taken away. */
  readonly taken: readonly string[];
  /** `up`: unattended. `asks`: a person can start it with the present members. `stops`: it cannot come up. */
  readonly outcome: 'up' | 'asks' | 'stops';
  /** When root can be mounted, after the search for devices began; null: not unattended. */
  readonly rootAfterMs: number | null;
  /** When the image has root and the rest, or the generator gives up. */
  readonly endAfterMs: number;
  /** The lowest layer with an array that stops the boot; null when no array does. */
  readonly stopsAtLayer: number | null;
  /** Mount points, `resume` and `crypttab NAME`, and whether they are available at the end. */
  readonly mounts: readonly { readonly name: string; readonly isThere: boolean }[];
  /** Where something is unlocked on the way: below a listed array, or only above all of them. */
  readonly passphrase: 'none' | 'below-an-array' | 'above-the-arrays';
  readonly arrays: readonly ArrayForecast[];
  /** What the stages before and after the image will meet; left out where nobody looked. */
  readonly findings?: readonly Finding[];
}

/**
 * The next boot without any disks that are asked about. What does not depend on them is simulated once, where the machine is whole: every
 * array runs before the engine has a say.
 */
export function bootSimulation(
  boot: NextBoot,
  conditions: BootConditions,
): (taken: readonly string[]) => Forecast {
  const machine = new SimulatedMd(boot, new Set());
  const atOnce = new Map(machine.running);
  machine.unlock();
  const unlocked = machine.running;
  const isWhole = boot.watchlist.arrays.every(({ uuid, behindPassphrase }) =>
    (behindPassphrase ? unlocked : atOnce).has(uuid),
  );
  if (!isWhole) return (taken) => simulateBoot(boot, taken, conditions);
  const passphrase = passphraseOf(boot);
  // The engine finds them running, and decides nothing.
  const whole = forecasts(boot, machine, [], conditions.options);
  const partOf = partsOf(boot);
  return (taken) => {
    const part = partOf(taken);
    const { arrays, ...forecast } = simulateBoot(part, taken, conditions, {
      atOnce: besides(part, atOnce),
      unlocked: besides(part, unlocked),
    });
    const own = new Map(arrays.map((one) => [one.array.uuid, one]));
    return {
      ...forecast,
      passphrase,
      arrays: whole.map((one) => own.get(one.array.uuid) ?? one),
    };
  };
}

function besides({ watchlist }: NextBoot, running: KnownRunning['atOnce']): KnownRunning['atOnce'] {
  const left = new Map(running);
  for (const { uuid } of watchlist.arrays) left.delete(uuid);
  return left;
}

/** The next boot without these disks: udev and the gate, then the engine's stages as the image runs them, one after the other. */
export function simulateBoot(
  boot: NextBoot,
  taken: readonly string[],
  conditions: BootConditions,
  known?: KnownRunning,
): Forecast {
  const { patienceMs, sleepMs } = conditions;
  const machine = new SimulatedMd(boot, new Set(taken), known);
  const runs: EngineRun[] = [];
  const first = runStage(boot, machine, runs, conditions, {
    startedAtMs: sleepMs,
    generatorLimitAtMs: patienceMs,
    scope: 'before-passphrase',
  });
  machine.unlock();

  const isThere = ({ need }: FutureMount): boolean => machine.isMet(need);
  // The generator looks for the swap first, and as patiently as for root.
  const resumeIsThere = boot.mounts.every((mount) => mount.name !== 'resume' || isThere(mount));
  const beginAtMs = resumeIsThere ? first.endMs : Math.max(first.endMs, patienceMs);
  const root = boot.mounts.find(({ name }) => name === '/');
  const rootIsEarly = root !== undefined && isThere(root);
  const needed = boot.mounts.filter(({ name }) => name !== 'resume');
  if (!needed.every(isThere) && boot.watchlist.arrays.some(({ uuid }) => !machine.running.has(uuid))) {
    // As the stage `all`: behind a passphrase, which may have taken longer than it, the patience begins anew.
    const limit = first.outcome === 'up' ? beginAtMs + patienceMs : patienceMs;
    runStage(boot, machine, runs, conditions, {
      startedAtMs: beginAtMs,
      generatorLimitAtMs: limit,
      scope: 'all',
    });
  }

  const endMs = Math.max(beginAtMs, runs.at(-1)?.endMs ?? 0);
  const arrays = forecasts(boot, machine, runs, conditions.options);
  const stopping = arrays.filter(({ stopsTheBoot }) => stopsTheBoot);
  const isUp = needed.every(isThere);
  const asks =
    stopping.length > 0 && stopping.every(({ canBeAnswered }) => canBeAnswered) && !standsOn(needed, taken);
  return {
    taken,
    outcome: isUp ? 'up' : asks ? 'asks' : 'stops',
    rootAfterMs: rootIsEarly ? beginAtMs : root !== undefined && isThere(root) ? endMs : null,
    endAfterMs: isUp ? endMs : Math.max(endMs, patienceMs),
    stopsAtLayer: stopping.length === 0 ? null : Math.min(...stopping.map(({ array }) => array.layer)),
    mounts: boot.mounts.map((mount) => ({ name: mount.name, isThere: isThere(mount) })),
    passphrase: passphraseOf(boot),
    arrays,
  };
}

function passphraseOf({ watchlist, mounts }: NextBoot): Forecast['passphrase'] {
  if (watchlist.arrays.some(({ behindPassphrase }) => behindPassphrase)) return 'below-an-array';
  return mounts.some(({ name, need }) => name !== 'resume' && need.passphrase) ? 'above-the-arrays' : 'none';
}

/** Runs the engine once more over the machine, with what the earlier stages said. */
function runStage(
  { watchlist }: NextBoot,
  machine: SimulatedMd,
  runs: EngineRun[],
  { options }: BootConditions,
  stage: Pick<Stage, 'startedAtMs' | 'generatorLimitAtMs' | 'scope'>,
): EngineRun {
  const alreadyTold = new Set<MdUuid>();
  for (const { timeline } of runs)
    for (const entry of timeline) if (entry.kind === 'not-startable') alreadyTold.add(entry.array);
  const unlisted = { needsUnlisted: false, hidesUnlisted: false };
  const all: Stage = { ...stage, discoveryAtMs: 0, alreadyTold, ...unlisted };
  const run = runEngine(initialState(watchlist, stageOptions(all, watchlist.settings, options)), machine);
  runs.push(run);
  return run;
}

const standsOn = (mounts: readonly FutureMount[], taken: readonly string[]): boolean =>
  mounts.some(({ need }) => taken.some((disk) => need.disks.has(disk)));

function forecasts(
  boot: NextBoot,
  machine: SimulatedMd,
  runs: readonly EngineRun[],
  options: BootOptions,
): readonly ArrayForecast[] {
  const snapshot = machine.snapshot();
  const timeline = runs.flatMap((run) => run.timeline);
  const verdicts = new Map(
    boot.watchlist.arrays.map((array) => [array.uuid, judgeArray(array, snapshot, options)] as const),
  );
  const stopping = arraysThatStop(boot, machine, verdicts);
  return boot.watchlist.arrays.map((array): ArrayForecast => {
    const running = machine.running.get(array.uuid);
    const entries = timeline.filter((entry) => 'array' in entry && entry.array === array.uuid);
    const verdict: Verdict = verdicts.get(array.uuid) ?? { kind: 'absent' };
    const failed = entries.findLast((entry) => entry.kind === 'start-failed');
    return {
      array,
      state: running === undefined ? 'not-started' : running.by === 'udev' ? 'found' : 'started',
      startedAfterMs: entries.findLast(({ kind }) => kind === 'array-started')?.atMs ?? null,
      missingRoles: running?.missingRoles ?? missingRoles(array, verdict),
      slotCount: presenceOf(array, snapshot, verdict).slotCount,
      verdict,
      policy: options.degraded ?? array.degraded,
      failure: running === undefined ? (failed ?? null) : null,
      stopsTheBoot: stopping.has(array.uuid),
      canBeAnswered:
        failed === undefined &&
        (verdict.kind === 'startable' || questionOf(array, snapshot, verdict, null) !== null),
    };
  });
}

/** From the mounts that are not there down to the arrays that could run for all that is below them. */
function arraysThatStop(
  { watchlist, mounts }: NextBoot,
  machine: SimulatedMd,
  verdicts: ReadonlyMap<MdUuid, Verdict>,
): ReadonlySet<MdUuid> {
  const isDown = (uuid: MdUuid): boolean => !machine.running.has(uuid);
  const found = new Set<MdUuid>();
  const left = mounts
    .filter(({ name, need }) => name !== 'resume' && !machine.isMet(need))
    .flatMap(({ need }) => [...need.arrays].filter(isDown));
  for (let uuid = left.pop(); uuid !== undefined; uuid = left.pop()) {
    const below = watchlist.arrays.find((array) => array.uuid === uuid)?.standsOn.filter(isDown) ?? [];
    const hasEnough = ['startable', 'unsafe', 'complete'].includes(verdicts.get(uuid)?.kind ?? 'absent');
    if (below.length === 0 || hasEnough) found.add(uuid);
    else left.push(...below);
  }
  return found;
}
