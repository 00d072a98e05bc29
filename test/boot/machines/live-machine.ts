// A machine's whole life: made, lived through, booted, and judged after each boot.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessFault } from '../scenario/harness-fault.ts';
import { bootMachine } from './boot-machine.ts';
import type { Forecast } from './boot-seen.ts';
import { afterEvent, afterWrite, type Copies, newCopies, withRoles, written } from './copies.ts';
import { runningMembers, type Violation, violationsOf } from './judge.ts';
import {
  type Boot,
  describe,
  type LifeEvent,
  type MachinePlan,
  maxWaitMsOf,
  waitMsOf,
} from './machine-plan.ts';
import { type BuiltMachine, buildMachine, digestsOf, type GoldenSystem, liveThrough } from './raw-machine.ts';

export interface LivedBoot {
  readonly boot: Boot;
  readonly ending: string;
  readonly wasForetold: boolean;
  readonly violations: readonly Violation[];
}

export interface LifeResult {
  readonly boots: readonly LivedBoot[];
  readonly violations: readonly Violation[];
}

export interface Laboratory {
  readonly golden: GoldenSystem;
  readonly suite: string;
}

/** The host starved the machine, and what was seen meanwhile may be no more than that. */
export class Disturbed extends HarnessFault {
  readonly violations: readonly Violation[];

  constructor(disturbance: string, violations: readonly Violation[]) {
    super(`${disturbance}; seen meanwhile: ${violations.map(({ text }) => text).join('; ')}`);
    this.violations = violations;
  }

  /** The same was seen, times aside. */
  isAs(other: Disturbed): boolean {
    const words = ({ violations }: Disturbed) =>
      violations.map(({ rule, text }) => `${rule} ${text.replace(/[\d.]+ ms/g, 'ms')}`).join();
    return words(this) === words(other);
  }
}

/** What a machine that was starved by its host may seem to break. */
const OF_TIME: ReadonlySet<Violation['rule']> = new Set(['foretold', 'ending', 'waited']);

/** A machine with its history behind it, before its first boot. */
export interface LivedMachine {
  readonly machine: BuiltMachine;
  readonly copies: Copies;
  readonly digests: ReadonlyMap<number, string>;
}

/** Up to the last boot. */
export interface ReadyMachine extends LivedMachine {
  readonly foretold: Forecast | null;
}

/** Made, and its history lived. The folder is left as it is: who asked for it knows whether its disks are wanted. */
export async function liveUntilBoot(
  plan: MachinePlan,
  folder: string,
  laboratory: Laboratory,
): Promise<LivedMachine> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'plan.json'), `${describe(plan)}\n${JSON.stringify(plan, null, 1)}\n`);
  const machine = await buildMachine(plan, folder, laboratory.golden, laboratory.suite);
  let copies = newCopies(plan);
  for (const [index, event] of plan.life.entries()) {
    if (event.kind === 'boot') break;
    const after = afterEvent(plan, copies, event);
    if (after === null) throw new HarnessFault(`the history cannot happen: event ${index + 1}`);
    await liveThrough(machine, copies, event);
    copies = after;
  }
  return { machine, copies, digests: digestsOf(folder) };
}

export async function liveMachine(
  plan: MachinePlan,
  folder: string,
  laboratory: Laboratory,
): Promise<LifeResult> {
  return bootThrough(await liveUntilBoot(plan, folder, laboratory));
}

/** Its power-ons but the last; null where one of them breaks a rule or does not come up. */
export async function bootUntilLast(lived: LivedMachine): Promise<ReadyMachine | null> {
  const { plan } = lived.machine;
  const last = plan.life.length - 1;
  return (await boots({ ...lived, foretold: null }, 0, last)).ready;
}

/** The last power-on alone, judged. */
export const bootLast = async (ready: ReadyMachine): Promise<LifeResult> =>
  (await boots(ready, ready.machine.plan.life.length - 1)).result;

/** Its power-ons, each judged; the first violation ends them. */
export const bootThrough = async (lived: LivedMachine): Promise<LifeResult> =>
  (await boots({ ...lived, foretold: null }, 0)).result;

/** Of the events of a life those from one place up to another. */
async function boots(
  lived: ReadyMachine,
  from: number,
  until?: number,
): Promise<{ readonly result: LifeResult; readonly ready: ReadyMachine | null }> {
  const { machine } = lived;
  const { plan, folder } = machine;
  let { copies } = lived;
  const digests = new Map(lived.digests);
  const done: LivedBoot[] = [];
  let { foretold } = lived;
  let isReady = true;
  for (const [index, event] of plan.life.entries()) {
    if (event.kind !== 'boot' || index < from || index >= (until ?? plan.life.length)) continue;
    const next = plan.life[index + 1];
    const foretellWithout = canForetell(event, next) ? missingNext(event, next) : null;
    const log = join(folder, `boot-${index + 1}.log`);
    const request = {
      machine,
      boot: event,
      run: copies.next,
      foretellWithout,
      orderly: next !== undefined,
      log,
    };
    const { seen, disturbance } = await bootMachine(request);
    writeFileSync(
      join(folder, `boot-${index + 1}.json`),
      `${JSON.stringify({ seen, foretold, copies }, null, 1)}\n`,
    );
    const judged = {
      plan,
      copies,
      boot: event,
      seen,
      uuids: machine.uuids,
      digests,
      waitMs: waitMsOf(plan),
      maxWaitMs: maxWaitMsOf(plan),
      foretold,
    };
    const violations = violationsOf(judged);
    if (
      disturbance !== undefined &&
      violations.length > 0 &&
      violations.every(({ rule }) => OF_TIME.has(rule))
    )
      throw new Disturbed(disturbance, violations);
    done.push({ boot: event, ending: endingOf(seen), wasForetold: foretold !== null, violations });
    isReady = violations.length === 0 && seen.ending === 'system';
    if (violations.length > 0) break;
    copies = afterBoot(plan, copies, seen);
    if (seen.wrote !== null) digests.set(seen.wrote.run, seen.wrote.digest);
    foretold = seen.explained;
    // what nothing was asked of cannot be switched off in an orderly way: the next boot would be of another machine
    if (seen.ending !== 'system') break;
  }
  return {
    result: { boots: done, violations: done.flatMap((boot) => boot.violations) },
    ready: isReady ? { machine, copies, digests, foretold } : null,
  };
}

function endingOf(seen: Parameters<typeof violationsOf>[0]['seen']): string {
  if (seen.ending !== 'shell') return seen.ending;
  return seen.report?.timeline.some(({ kind }) => kind === 'asked') === true ? 'question' : 'failure path';
}

export function afterBoot(
  plan: MachinePlan,
  copies: Copies,
  seen: Parameters<typeof violationsOf>[0]['seen'],
): Copies {
  if (seen.wrote === null) return { ...copies, next: copies.next + 1 };
  return afterWrite(withRoles(copies, seen.arrays), written(plan, runningMembers({ plan, seen })), false);
}

/** Of a boot whose disks come and go nothing is foretold, nor of one with disks that are not there now. */
export function canForetell(now: Boot, next: LifeEvent | undefined): next is Boot {
  if (next?.kind !== 'boot' || next.late.length > 0 || next.gone.length > 0) return false;
  if (now.late.length > 0 || now.gone.length > 0) return false;
  return now.absent.every((disk) => next.absent.includes(disk));
}

export const missingNext = (now: Boot, next: Boot): readonly string[] =>
  next.absent.filter((disk) => !now.absent.includes(disk));
