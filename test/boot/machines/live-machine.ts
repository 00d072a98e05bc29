// A machine's whole life: made, lived through, booted, and judged after each boot.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessFault } from '../scenario/harness-fault.ts';
import { bootMachine, WAIT_MS } from './boot-machine.ts';
import type { Forecast } from './boot-seen.ts';
import { afterEvent, afterWrite, type Copies, newCopies, written } from './copies.ts';
import { runningMembers, type Violation, violationsOf } from './judge.ts';
import { type Boot, describe, type LifeEvent, type MachinePlan } from './machine-plan.ts';
import { buildMachine, digestsOf, type GoldenSystem, liveThrough } from './raw-machine.ts';

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
const OF_TIME: ReadonlySet<Violation['rule']> = new Set(['foretold', 'ending']);

/** The folder is left as it is: who asked for it knows whether its disks are wanted. */
export async function liveMachine(
  plan: MachinePlan,
  folder: string,
  laboratory: Laboratory,
): Promise<LifeResult> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'plan.json'), `${describe(plan)}\n${JSON.stringify(plan, null, 1)}\n`);
  const machine = await buildMachine(plan, folder, laboratory.golden, laboratory.suite);
  let copies = newCopies(plan);
  const written0 = new Map(digestsOf(folder));
  const boots: LivedBoot[] = [];
  let foretold: Forecast | null = null;
  for (const [index, event] of plan.life.entries()) {
    if (event.kind !== 'boot') {
      const after = afterEvent(plan, copies, event);
      if (after === null) throw new HarnessFault(`the history cannot happen: event ${index + 1}`);
      await liveThrough(machine, copies, event);
      copies = after;
      for (const [run, digest] of digestsOf(folder)) written0.set(run, digest);
      foretold = null;
      continue;
    }
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
      digests: written0,
      waitMs: WAIT_MS,
      foretold,
    };
    const violations = violationsOf(judged);
    if (
      disturbance !== undefined &&
      violations.length > 0 &&
      violations.every(({ rule }) => OF_TIME.has(rule))
    )
      throw new Disturbed(disturbance, violations);
    boots.push({ boot: event, ending: endingOf(seen), wasForetold: foretold !== null, violations });
    if (violations.length > 0) break;
    copies = afterBoot(plan, copies, seen);
    if (seen.wrote !== null) written0.set(seen.wrote.run, seen.wrote.digest);
    foretold = seen.explained;
    // what nothing was asked of cannot be switched off in an orderly way: the next boot would be of another machine
    if (seen.ending !== 'system') break;
  }
  return { boots, violations: boots.flatMap((boot) => boot.violations) };
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
  return afterWrite(copies, written(plan, runningMembers({ plan, seen })), false);
}

/** Of a boot whose disks come and go nothing is foretold, nor of one with disks that are not there now. */
export function canForetell(now: Boot, next: LifeEvent | undefined): next is Boot {
  if (next?.kind !== 'boot' || next.late.length > 0 || next.gone.length > 0) return false;
  if (now.late.length > 0 || now.gone.length > 0) return false;
  return now.absent.every((disk) => next.absent.includes(disk));
}

export const missingNext = (now: Boot, next: Boot): readonly string[] =>
  next.absent.filter((disk) => !now.absent.includes(disk));
