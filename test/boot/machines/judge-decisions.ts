// What the engine decided, against what can become of each array by the plan: which copy runs, what is given up, who is asked, when.
import type { TimelineEntry } from '../../../src/core/report/timeline.ts';
import { type BootSeen, runs } from './boot-seen.ts';
import { type Copies, diverged, isListed } from './copies.ts';
import type { Violation } from './judge.ts';
import { arraysOf, type Boot, type Device, diskOf, type MachinePlan } from './machine-plan.ts';
import { type Outlook, outlooks } from './outlook.ts';

interface Decided {
  readonly plan: MachinePlan;
  readonly copies: Copies;
  readonly boot: Boot;
  readonly seen: BootSeen;
  readonly uuids: Readonly<Record<string, string>>;
  readonly waitMs: number;
  readonly maxWaitMs: number;
}

/** The kernel's clock and the report's are one; a line is written a moment after what it tells. */
const CLOCK_SLACK_MS = 150;

export function wrongDecisions(decided: Decided): readonly Violation[] {
  // what goes or comes meanwhile may have been there, or not, when something was decided
  if (decided.boot.gone.length > 0 || decided.boot.late.length > 0) return [];
  if (timelineOf(decided).some(({ kind }) => kind === 'answered' || kind === 'key')) return [];
  const all = outlooks(decided);
  return [
    ...oldCopy(decided, all),
    ...startedWithoutData(decided, all),
    ...wrongRoles(decided, all),
    ...givenUp(decided, all),
    ...waitedForNobody(decided, all),
    ...upperTooEarly(decided, all),
    ...handedOverTooEarly(decided),
  ];
}

const timelineOf = ({ seen }: Pick<Decided, 'seen'>): readonly TimelineEntry[] => seen.report?.timeline ?? [];

/** A copy runs though a newer one, or one that was written without it, is plugged in, or though the image knows that there is one. */
function oldCopy({ seen }: Decided, all: readonly Outlook[]): Violation[] {
  return all.flatMap(({ array: { name }, there, isKnownOld }): Violation[] => {
    const found = seen.arrays[name];
    if (!runs(found)) return [];
    if (isKnownOld) return [{ rule: 'picked', text: `${name} runs, and the image knows that it is old` }];
    const inSync = there.filter(({ device }) =>
      found?.members.some((one) => one.device === device && one.inSync),
    );
    const running = inSync.reduce<readonly number[]>(
      (log, copy) => (copy.log.length > log.length ? copy.log : log),
      [],
    );
    if (inSync.length === 0) return [];
    return there
      .filter(({ device }) => !inSync.some((copy) => copy.device === device))
      .filter(({ log }) => diverged(log, running) || log.length > running.length)
      .map(({ device, log }) => ({
        rule: 'picked' as const,
        text: `${name} runs with runs ${running.join(' ')}, and ${device} with ${log.join(' ')} is there: nobody was asked`,
      }));
  });
}

/** A degraded start of what cannot run. */
function startedWithoutData(decided: Decided, all: readonly Outlook[]): Violation[] {
  return all
    .filter(({ array, hasData }) => !hasData && deadlineOf(decided, array.name) !== undefined)
    .map(({ array, newest }) => ({
      rule: 'no-data' as const,
      text: `${array.name} was started with ${newest.map(({ device }) => device).join(' ') || 'nothing whole'}, which do not hold its data`,
    }));
}

/** What it said is missing, against what is. */
function wrongRoles(decided: Decided, all: readonly Outlook[]): Violation[] {
  return all.flatMap(({ array, newest, width }) => {
    const missing = deadlineOf(decided, array.name)?.missingRoles ?? null;
    const really = Array.from({ length: width }, (_, role) => role).flatMap((role) =>
      newest.some((copy) => copy.role === role) ? [] : [role],
    );
    return missing === null || missing.join() === really.join()
      ? []
      : [
          {
            rule: 'roles',
            text: `${array.name} was started without roles ${missing.join(' ')}, and lacks ${really.join(' ')}`,
          },
        ];
  });
}

/**
 * md closes arrays at power-off from below: closing the upper one makes the lower dirty again, and a thread cleans it within the second that
 * md gives it (md_notify_reboot). The one processor of user-mode Linux spends that second waiting, so that the lower array stays dirty.
 */
export function leftDirtyByOneProcessor({
  plan,
  seen,
  uuids,
}: Pick<Decided, 'plan' | 'seen' | 'uuids'>): ReadonlySet<string> {
  const asked = new Set(
    (seen.report?.timeline ?? []).flatMap((entry) =>
      entry.kind === 'asked' && entry.reason === 'dirty-degraded' ? [entry.array] : [],
    ),
  );
  const below = arraysOf(plan).flatMap(({ members }) => members);
  return new Set(below.filter((name) => [...asked].some((uuid) => uuid === uuids[name])));
}

/** It has all its data, and nothing was done about it. */
function givenUp(decided: Decided, all: readonly Outlook[]): Violation[] {
  if (decided.seen.ending !== 'shell') return [];
  const asked = timelineOf(decided).some(({ kind }) => kind === 'asked');
  const leftDirty = leftDirtyByOneProcessor(decided);
  return all.flatMap(({ array: { name }, hasData, ...outlook }): Violation[] => {
    if (runs(decided.seen.arrays[name])) return [];
    // what the list does not know has its turn when the question about a listed one is answered (ADR 13)
    if (asked && !isListed(decided.copies, name)) return [];
    const { wentApart, isDirty, isKnownOld } = outlook;
    const forPerson = wentApart || isDirty || isKnownOld || leftDirty.has(name);
    if (forPerson && outlook.someCopyHasData && !asked)
      return [{ rule: 'unasked', text: `${name} needs a person's word, and nobody is asked` }];
    return !forPerson && hasData
      ? [{ rule: 'given-up', text: `${name} has all its data and was not started` }]
      : [];
  });
}

/** So much later than the engine's first look a start is no more of the first look. */
const AT_ONCE_MS = 3000;

/** All that was in sync when the image was made, and when it ran last, is there: it is started at the first look, or when its lower layers run. */
function waitedForNobody(decided: Decided, all: readonly Outlook[]): Violation[] {
  const { seen, copies, waitMs } = decided;
  const engineAtMs = timelineOf(decided).find(({ kind }) => kind === 'engine-started')?.atMs ?? 0;
  return all.flatMap(({ array: { name, members }, newest, awaited }) => {
    const knows = copies.inImage[name] ?? [];
    const isAsItWas =
      knows.length > 0 &&
      awaited.length === 0 &&
      knows.every((device) => newest.some((copy) => copy.device === device));
    const started = deadlineOf(decided, name);
    if (!isAsItWas || started === undefined || members.some((device) => diskOf(device) === null)) return [];
    const isByDeadline = started.atMs >= seen.discoveryAtMs + waitMs - CLOCK_SLACK_MS;
    return started.cause === 'wait-over' || (isByDeadline && started.atMs > engineAtMs + AT_ONCE_MS)
      ? [{ rule: 'waited', text: `${name} was waited for, though nobody is missing who was there before` }]
      : [];
  });
}

/** Of a wait that has begun before, so much is left to a person who reads the notice: four seconds, and half of a wait that is shorter than eight. */
const watchMs = (waitMs: number): number => Math.min(4000, waitMs / 2);

/**
 * A layer's own wait begins when all that is below it runs. What has had its wait in vain was waited for on behalf of those above: of their wait,
 * which began with its own, a while is left that a person can read in. Where the list does not know what is below, it stands on disks.
 */
function upperTooEarly(decided: Decided, all: readonly Outlook[]): Violation[] {
  const { seen, plan, copies, waitMs } = decided;
  const engineAtMs = timelineOf(decided).find(({ kind }) => kind === 'engine-started')?.atMs;
  if (engineAtMs === undefined) return [];
  const ranAtMs = (name: Device): number | null => {
    if (!runs(seen.arrays[name])) return null;
    const started = seen.starts.filter(({ array }) => array === name).map(({ atMs }) => atMs);
    return Math.max(engineAtMs, ...started);
  };
  const givenUpAtMs = (name: Device): number => {
    const below = all.find(({ array }) => array.name === name);
    const isWaitedFor = below?.awaited.some((device) => diskOf(device) !== null) === true;
    return isWaitedFor ? Math.max(engineAtMs, seen.discoveryAtMs + waitMs) : engineAtMs;
  };
  return seen.starts.flatMap((start): Violation[] => {
    const array = arraysOf(plan).find(({ name }) => name === start.array);
    const lower = (array?.members ?? []).filter((device) => diskOf(device) === null);
    const outlook = all.find(({ array: { name } }) => name === start.array);
    if (lower.length === 0 || start.active >= start.of || outlook === undefined) return [];
    if (outlook.awaited.length === 0 || !lower.every((name) => isListed(copies, name))) return [];
    const missing = lower.filter((name) => ranAtMs(name) === null);
    const settledAtMs = Math.max(...lower.map((name) => ranAtMs(name) ?? givenUpAtMs(name)));
    const dueAtMs = settledAtMs + (missing.length === 0 ? waitMs : watchMs(waitMs));
    return start.atMs >= dueAtMs - CLOCK_SLACK_MS
      ? []
      : [
          {
            rule: 'early',
            text: `${start.array} was started ${Math.round(dueAtMs - start.atMs)} ms before its own wait was over, which began when ${lower.join(' and ')} had theirs`,
          },
        ];
  });
}

/** The distribution waits so long for root; its clock counts whole seconds, and begins a moment before udev does. */
const PATIENCE_MS = 30_000 - 2_000;

/** Disks have as long to come as without us, and who is asked has the longest wait to answer. */
function handedOverTooEarly(decided: Decided): Violation[] {
  const timeline = timelineOf(decided);
  const asked = timeline.find(({ kind }) => kind === 'asked');
  const over = timeline.find(({ kind }) => kind === 'handover');
  if (over === undefined) return [];
  const dueAtMs = Math.max(
    decided.seen.discoveryAtMs + PATIENCE_MS,
    asked === undefined ? 0 : asked.atMs + decided.maxWaitMs,
  );
  return over.atMs >= dueAtMs - CLOCK_SLACK_MS
    ? []
    : [{ rule: 'early', text: `the failure path took over ${Math.round(dueAtMs - over.atMs)} ms too early` }];
}

function deadlineOf(
  decided: Decided,
  name: string,
): Extract<TimelineEntry, { kind: 'deadline' }> | undefined {
  const uuid = decided.uuids[name];
  return timelineOf(decided).find(
    (entry): entry is Extract<TimelineEntry, { kind: 'deadline' }> =>
      entry.kind === 'deadline' && entry.array === uuid,
  );
}
