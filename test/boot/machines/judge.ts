// What every boot of every machine must keep, whatever the machine: decided from what was seen and from which copy holds what.
import { leastWatchMs } from '../../../src/core/engine/deadlines.ts';
import type { TimelineEntry } from '../../../src/core/report/timeline.ts';
import { type BootSeen, type Forecast, runs } from './boot-seen.ts';
import { type Copies, diverged, isListed, longestLog, sameLog, written } from './copies.ts';
import { leftDirtyByOneProcessor, wrongDecisions } from './judge-decisions.ts';
import { arraysOf, type Boot, type Device, deviceOf, diskOf, type MachinePlan } from './machine-plan.ts';
import { outlooks } from './outlook.ts';

export interface Violation {
  readonly rule:
    | 'off-list'
    | 'early'
    | 'copy'
    | 'mismatch'
    | 'joined'
    | 'ending'
    | 'foretold'
    | 'unexplained'
    | 'picked'
    | 'no-data'
    | 'roles'
    | 'unasked'
    | 'given-up'
    | 'waited';
  readonly text: string;
}

export interface BootToJudge {
  readonly plan: MachinePlan;
  /** Before this boot. */
  readonly copies: Copies;
  readonly boot: Boot;
  readonly seen: BootSeen;
  readonly uuids: Readonly<Record<string, string>>;
  readonly digests: ReadonlyMap<number, string>;
  readonly waitMs: number;
  readonly maxWaitMs: number;
  /** What the boot before said of exactly this one; null where it could not know. */
  readonly foretold: Forecast | null;
}

/** The kernel's clock and the report's are one; a line is written a moment after what it tells. */
const CLOCK_SLACK_MS = 150;
const FORETOLD_SLACK_MS = 3000;

export function violationsOf(judged: BootToJudge): readonly Violation[] {
  return [
    ...offList(judged),
    ...early(judged),
    ...wrongCopy(judged),
    ...joined(judged),
    ...mismatched(judged),
    ...badEnding(judged),
    ...wrongDecisions(judged),
    ...notAsForetold(judged),
  ];
}

/** In-sync members of each array that runs. */
export function runningMembers({
  plan,
  seen,
}: Pick<BootToJudge, 'plan'> & { readonly seen: Pick<BootSeen, 'arrays'> }): ReadonlyMap<
  string,
  readonly Device[]
> {
  return new Map(
    arraysOf(plan).flatMap(({ name }) => {
      const array = seen.arrays[name];
      if (array === undefined || !runs(array)) return [];
      return [[name, array.members.filter(({ inSync }) => inSync).map(({ device }) => device)] as const];
    }),
  );
}

function offList(judged: BootToJudge): Violation[] {
  const { plan, seen } = judged;
  const found: Violation[] = [];
  for (const { name } of [...plan.others, ...(plan.foreign === null ? [] : [plan.foreign])]) {
    const array = seen.arrays[name];
    if (array !== undefined && runs(array) && array.degraded > 0 && !mayRunDegraded(judged, name))
      found.push({ rule: 'off-list', text: `${name}, which root does not need, was started degraded` });
  }
  for (const device of seen.changedOthers) {
    const owner = [...plan.others, ...(plan.foreign === null ? [] : [plan.foreign])].find(({ members }) =>
      members.includes(device),
    );
    const array = owner === undefined ? undefined : seen.arrays[owner.name];
    // one that is whole is assembled by udev, and md notes so
    if (array !== undefined && runs(array) && array.degraded === 0) continue;
    found.push({
      rule: 'off-list',
      text: `${device} of ${owner?.name}, which root does not need, was written to`,
    });
  }
  return found;
}

/** An array that root does not need: after the image, by the rules for those (ADR 15), or as a last resort in it. */
function mayRunDegraded(judged: BootToJudge, name: string): boolean {
  const { plan, seen, waitMs } = judged;
  const timeline = seen.report?.timeline ?? [];
  const up = timeline.findLast((entry) => entry.kind === 'finished' && entry.outcome === 'up');
  // the engine has nothing to do in the image of a healthy root
  const hadEngine = timeline.some(({ kind }) => kind === 'engine-started');
  const leftImageAtMs = up?.atMs ?? (hadEngine ? Number.POSITIVE_INFINITY : seen.discoveryAtMs);
  const startedAtMs = seen.starts.find(({ array }) => array === name)?.atMs ?? 0;
  const isAfterImage = startedAtMs > leftImageAtMs && name !== plan.foreign?.name;
  if (isAfterImage && startedAtMs >= seen.discoveryAtMs + waitMs - CLOCK_SLACK_MS) return true;
  return isLastResort(judged, name);
}

/**
 * Root's own arrays cannot bring it, or the list does not know one of them: arrays of this machine outside the list are started as well then
 * (S15), and where that has not brought root, the distribution starts what it can.
 */
function isLastResort(judged: BootToJudge, name: string): boolean {
  const { plan, copies, boot, seen, uuids } = judged;
  const timeline = seen.report?.timeline ?? [];
  const mayBeShort =
    boot.late.length + boot.gone.length > 0 ||
    outlooks(judged).some(({ array, hasData }) => !hasData || !isListed(copies, array.name));
  const isByEngine = timeline.some((entry) => entry.kind === 'array-started' && entry.array === uuids[name]);
  const isAllowed = isByEngine ? name !== plan.foreign?.name : seen.report?.outcome === 'given-back';
  return mayBeShort && isAllowed;
}

/** An array that had no more members when it last ran, and has all of those, waits for nobody. */
function isAsItWas(copies: Copies, name: string, active: number): boolean {
  const members = Object.values(copies.members[name] ?? {}).filter(({ whole }) => whole);
  const newest = longestLog(members);
  const groups = members.filter(({ log }) => sameLog(log, newest)).length;
  return (
    active >= groups ||
    members.some(({ log }) => members.filter((one) => sameLog(one.log, log)).length <= active)
  );
}

function early({ plan, copies, seen, waitMs }: BootToJudge): Violation[] {
  const found: Violation[] = [];
  const timeline: readonly TimelineEntry[] = seen.report?.timeline ?? [];
  const hurried = timeline.some(({ kind }) => kind === 'key' || kind === 'answered');
  for (const start of seen.starts) {
    if (start.active >= start.of || hurried || !arraysOf(plan).some(({ name }) => name === start.array))
      continue;
    const dueAtMs = seen.discoveryAtMs + waitMs;
    if (start.atMs >= dueAtMs - CLOCK_SLACK_MS || isAsItWas(copies, start.array, start.active)) continue;
    found.push({
      rule: 'early',
      text: `${start.array} was started with ${start.active} of ${start.of} members ${start.atMs - seen.discoveryAtMs} ms after discovery began, ${dueAtMs - start.atMs} ms before its deadline`,
    });
  }
  return found;
}

/** Root lies over arrays side by side, and what runs of them was last written in different runs. */
function isOfSeveralAges(
  plan: MachinePlan,
  copies: Copies,
  running: ReadonlyMap<string, readonly Device[]>,
): boolean {
  const ages = [...written(plan, running)].map(([name, devices]) =>
    Math.max(...devices.map((device) => copies.members[name]?.[device]?.log.at(-1) ?? 0)),
  );
  return new Set(ages).size > 1;
}

function wrongCopy(judged: BootToJudge): Violation[] {
  const { seen, digests, plan, copies } = judged;
  if (seen.digest === null) return [];
  const [run] = [...digests].find(([, digest]) => digest === seen.digest) ?? [];
  // a copy that fell behind, alone, is started where nothing outside of it knows better; what is beside it may be newer
  if (run === undefined && isOfSeveralAges(plan, copies, runningMembers({ plan, seen }))) return [];
  if (run === undefined)
    return [{ rule: 'copy', text: `root holds a tree (${seen.digest}) that no run has left` }];
  const expected = runsOf(judged);
  return expected.length === 0 || expected.includes(run)
    ? []
    : [
        {
          rule: 'copy',
          text: `root holds what run ${run} left, its members that of run ${expected.join(' and ')}`,
        },
      ];
}

/** The last runs that the in-sync members of the topmost arrays have seen. */
function runsOf(judged: BootToJudge): readonly number[] {
  const { plan } = judged;
  const reached = written(plan, runningMembers(judged));
  const all = outlooks(judged);
  const tops = arraysOf(plan).filter(
    ({ name }) => reached.has(name) && ![...reached.values()].some((members) => members.includes(name)),
  );
  return tops.flatMap(({ name }) => {
    const there = all.find(({ array }) => array.name === name)?.there ?? [];
    const logs = (reached.get(name) ?? []).map(
      (device) => there.find((copy) => copy.device === device)?.log ?? [],
    );
    return [...new Set(logs.map((log) => Math.max(-1, ...log)))];
  });
}

function joined({ plan, copies, seen }: BootToJudge): Violation[] {
  const found: Violation[] = [];
  for (const [name, devices] of runningMembers({ plan, seen })) {
    const own = copies.members[name] ?? {};
    const members = devices.flatMap((device) => {
      const member = own[device];
      return member === undefined || member.log.length === 0 ? [] : [{ device, log: member.log }];
    });
    for (const [index, one] of members.entries())
      for (const other of members.slice(index + 1))
        if (diverged(one.log, other.log))
          found.push({
            rule: 'joined',
            text: `${name} runs with ${one.device} (runs ${one.log.join(' ')}) and ${other.device} (runs ${other.log.join(' ')})`,
          });
  }
  return found;
}

function mismatched({ seen }: BootToJudge): Violation[] {
  return Object.entries(seen.mismatches).flatMap(([name, count]) =>
    count === 0 ? [] : [{ rule: 'mismatch', text: `${name}: mismatch_cnt is ${count}` } as const],
  );
}

/** Reasons that the report gives for an array that does not run. */
const REASONS = new Set(['asked', 'not-startable', 'start-failed', 'handover']);

function badEnding({ seen, plan }: BootToJudge): Violation[] {
  if (seen.ending === 'system') {
    return seen.digest === null ? [{ rule: 'ending', text: 'the system runs and root cannot be read' }] : [];
  }
  if (seen.ending !== 'shell') return [{ rule: 'ending', text: `the boot ended in nothing: ${seen.ending}` }];
  const timeline = seen.report?.timeline ?? [];
  if (timeline.some(({ kind }) => REASONS.has(kind))) return [];
  const running = runningMembers({ plan, seen });
  const down = plan.layers.filter((layer) => layer.kind === 'md' && !running.has(deviceOf(layer)));
  return [
    {
      rule: 'ending',
      text: `the failure path without a reason in the report; ${down.length === 0 ? 'all arrays run' : `down: ${down.map(deviceOf).join(' ')}`}`,
    },
  ];
}

// --- what was foretold

/**
 * A machine that is slow to start the engine is late by that, and not by what was decided: a wait ends some seconds after its first look at
 * the earliest (docs/adr/0017), and whatever comes after takes such a machine longer as well.
 */
function isInTime(
  { seen, waitMs }: BootToJudge,
  atMs: number,
  foretoldAfterMs: number,
  isUpper: boolean,
): boolean {
  const afterMs = atMs - seen.discoveryAtMs;
  const engine =
    seen.report?.timeline.find(({ kind }) => kind === 'engine-started')?.atMs ?? seen.discoveryAtMs;
  const lateMs = engine - seen.discoveryAtMs;
  // An upper layer's own wait begins with the engine's first look at the earliest.
  const watchedMs = lateMs + (foretoldAfterMs < waitMs ? 0 : leastWatchMs(waitMs));
  const dueMs = isUpper ? foretoldAfterMs + lateMs : Math.max(foretoldAfterMs, watchedMs);
  const latest = dueMs + FORETOLD_SLACK_MS + lateMs / 4;
  return afterMs >= foretoldAfterMs - FORETOLD_SLACK_MS && afterMs <= latest;
}

/**
 * An array that the list does not know is taken for lost at first, and one that root stood on when the image was made is waited for: those
 * waits are others than those of the machine as it is now.
 */
function isListOfMachineNow({ plan, copies }: BootToJudge): boolean {
  return arraysOf(plan).every(({ name, members }) => {
    if (!isListed(copies, name)) return false;
    const own = copies.members[name] ?? {};
    const newest = longestLog(Object.values(own));
    return members.every((device) => diskOf(device) !== null || sameLog(own[device]?.log ?? [], newest));
  });
}

function notAsForetold(judged: BootToJudge): Violation[] {
  const { foretold, seen, uuids } = judged;
  if (foretold === null) return [];
  if (foretold.problem !== undefined) return [{ rule: 'unexplained', text: foretold.problem }];
  if (leftDirtyByOneProcessor(judged).size > 0) return [];
  const wrong: string[] = [];
  const isUpper = (name: string): boolean =>
    arraysOf(judged.plan).some(
      (array) => array.name === name && array.members.some((device) => diskOf(device) === null),
    );
  const timeline = seen.report?.timeline ?? [];
  const isListCurrent = isListOfMachineNow(judged);
  const isUp = seen.ending === 'system';
  if (isUp !== (foretold.outcome === 'up'))
    wrong.push(`"${foretold.outcome}" was foretold, and the boot ended in ${isUp ? 'root' : seen.ending}`);
  for (const array of foretold.arrays) {
    const name = Object.entries(uuids).find(([, uuid]) => uuid === array.uuid)?.[0] ?? array.uuid;
    const found = seen.arrays[name];
    const started = timeline.findLast(
      (entry) => entry.kind === 'array-started' && entry.array === array.uuid,
    );
    const asked = timeline.some((entry) => entry.kind === 'asked' && entry.array === array.uuid);
    const is = !runs(found) ? 'not-started' : started === undefined ? 'found' : 'started';
    if (is !== array.state) wrong.push(`${name} is ${is}, foretold ${array.state}`);
    if (is !== 'not-started' && found !== undefined && found.degraded !== array.missingRoles.length)
      wrong.push(`${name} lacks ${found.degraded} members, foretold ${array.missingRoles.length}`);
    const shouldAsk = foretold.outcome === 'asks' && array.stopsTheBoot && array.canBeAnswered;
    if (shouldAsk && !asked) wrong.push(`nobody is asked about ${name}, though it was foretold`);
    if (asked && !(array.stopsTheBoot && array.canBeAnswered))
      wrong.push(`somebody is asked about ${name}, which was not foretold`);
    if (!isListCurrent || started === undefined || array.startedAfterMs === null || is !== array.state)
      continue;
    const afterMs = started.atMs - seen.discoveryAtMs;
    if (!isInTime(judged, started.atMs, array.startedAfterMs, isUpper(name)))
      wrong.push(`${name} was started after ${afterMs} ms, foretold ${array.startedAfterMs} ms`);
  }
  const finished = timeline.findLast(({ kind }) => kind === 'finished');
  if (isUp && isListCurrent && foretold.rootAfterMs !== null && finished !== undefined) {
    const afterMs = finished.atMs - seen.discoveryAtMs;
    if (
      !isInTime(
        judged,
        finished.atMs,
        foretold.rootAfterMs,
        arraysOf(judged.plan).some(({ name }) => isUpper(name)),
      )
    )
      wrong.push(`root could be mounted after ${afterMs} ms, foretold ${foretold.rootAfterMs} ms`);
  }
  return wrong.map((text) => ({ rule: 'foretold', text }));
}
