// What must be seen: each function makes one expectation over the outcome of a boot.
import { isDeepStrictEqual } from 'node:util';
import { leastWatchMs } from '../../../src/core/engine/deadlines.ts';
import type { TimelineEntry, TimelineFacts, TimelineKind } from '../../../src/core/report/timeline.ts';
import type { Outcome, StockOutcome } from './outcome.ts';
import type { Ending, Expectation } from './scenario.ts';

export const expectation = (what: string, problem: Expectation['problem']): Expectation => ({
  what,
  problem,
});

export const ends = (ending: Ending): Expectation =>
  expectation(`the boot ends with: ${ending}`, (outcome) =>
    outcome.ending === ending ? undefined : `it ended with: ${outcome.ending}`,
  );

export const sees = (text: RegExp): Expectation =>
  expectation(`the console shows ${text}`, (outcome) =>
    text.test(outcome.text) ? undefined : 'it does not',
  );

export const neverSees = (text: RegExp): Expectation =>
  expectation(`the console never shows ${text}`, (outcome) => {
    const line = outcome.lines.find((each) => text.test(each.text));
    return line === undefined ? undefined : `it does, at ${line.guest.toFixed(1)} s: ${line.text}`;
  });

/** From the first of `from` to the one after it. */
export const neverSeesBetween = (from: RegExp, text: RegExp): Expectation =>
  expectation(`the console never shows ${text} between one ${from} and the next`, (outcome) => {
    const [, between] = outcome.text.split(from);
    const found = between === undefined ? undefined : text.exec(between);
    return found == null ? undefined : `it does: ${found[0]}`;
  });

export const seesInOrder = (...texts: readonly RegExp[]): Expectation =>
  expectation(`the console shows in this order ${texts.join(', ')}`, (outcome) => {
    let rest = outcome.text;
    for (const text of texts) {
      const match = text.exec(rest);
      if (match === null) return `no ${text} where it belongs`;
      rest = rest.slice(match.index + match[0].length);
    }
    return undefined;
  });

export const showsOnScreen = (name: string, text: RegExp): Expectation => ({
  ...expectation(`the virtual terminal (${name}) shows ${text}`, (outcome) => {
    const shown = outcome.screens[name];
    if (shown === undefined) return 'no screen was taken';
    return text.test(shown) ? undefined : `it shows:\n${shown}`;
  }),
  needsScreen: true,
});

/** Of every scenario: a person at the machine saw all that its steps wait for on the screen. */
export const showsEachScreen: Expectation = expectation(
  'the screen shows what the steps wait for',
  ({ lacking }) => {
    const found = Object.entries(lacking).map(([name, what]) => `screen ${name}: ${what}`);
    return found.length === 0 ? undefined : found.join('\n');
  },
);

export const prompts = (count: number): Expectation =>
  expectation(`${count} passphrase prompt(s)`, (outcome) =>
    outcome.prompts === count ? undefined : `there were ${outcome.prompts}`,
  );

export const array = (name: string, wanted: { readonly degraded: number }): Expectation =>
  expectation(`array ${name} runs with ${wanted.degraded} member(s) missing`, (outcome) => {
    const found = outcome.arrays[name];
    if (found === undefined) return 'it is not there';
    if (!/^(clean|active|active-idle|read-auto|write-pending)$/.test(found.state))
      return `array_state is ${found.state}`;
    return found.degraded === wanted.degraded ? undefined : `degraded is ${found.degraded}`;
  });

export const arrayNotStarted = (name: string): Expectation =>
  expectation(`array ${name} is not started`, (outcome) => {
    const state = outcome.arrays[name]?.state;
    return state === undefined || state === 'inactive' || state === 'clear'
      ? undefined
      : `array_state is ${state}`;
  });

export const mounted = (at: string, source: RegExp): Expectation =>
  expectation(`${at} is mounted from ${source}`, (outcome) => {
    const found = outcome.mounts[at];
    if (found === undefined) return 'nothing is mounted there';
    return source.test(found) ? undefined : `it is mounted from ${found}`;
  });

/** Of the upper bound, what a busy host kept the machine waiting for a processor does not count. */
export const rootMounted = (between: readonly [number, number]): Expectation =>
  expectation(`root is mounted between ${between[0]} and ${between[1]} s`, (outcome) => {
    const { rootMountedAt: when, starvedBeforeRoot: starved } = outcome;
    if (when === undefined) return 'the kernel did not say so';
    if (when >= between[0] && when - starved <= between[1]) return undefined;
    return `at ${when.toFixed(1)} s, ${starved.toFixed(1)} s of them without a processor`;
  });

/** Seconds from the start of the boot image's /init, by the kernel's own stamps: what comes before is not ours. */
const secondsToRoot = ({ rootMountedAt, initStartedAt }: StockOutcome): number | undefined =>
  rootMountedAt === undefined || initStartedAt === undefined ? undefined : rootMountedAt - initStartedAt;

/** `mostSecondsLater`: 3, unless said why. */
export const noLaterThanStock = (mostSecondsLater = 3): Expectation =>
  expectation(`root as without the product, at most ${mostSecondsLater} s later`, (outcome) => {
    const { stock } = outcome;
    // alone such an image assembles nothing: it is not booted
    if (isOfDracut(outcome)) return outcome.rootMountedAt === undefined ? 'no root' : undefined;
    if (stock === undefined) return 'stock was not booted beside it';
    const [stocks, ours] = [secondsToRoot(stock), secondsToRoot(outcome)];
    if (stocks === undefined) return 'stock did not reach root: there is nothing to compare';
    if (ours === undefined) return `no root; stock mounts it after ${stocks.toFixed(1)} s`;
    // What a busy host held up is neither ours nor stock's.
    const later = ours - outcome.starvedBeforeRoot - (stocks - stock.starvedBeforeRoot);
    if (later <= mostSecondsLater) return undefined;
    const held = `${outcome.starvedBeforeRoot.toFixed(1)} and ${stock.starvedBeforeRoot.toFixed(1)} s`;
    return `root after ${ours.toFixed(1)} s, stock after ${stocks.toFixed(1)} s (the host held them up for ${held})`;
  });

export const stockEnds = (ending: Ending): Expectation =>
  expectation(`without the product the boot ends with: ${ending}`, ({ stock }) =>
    stock?.ending === ending ? undefined : `it ended with: ${stock?.ending}`,
  );

export const dataSame: Expectation = expectation(
  "root's files have the sums of the boot before",
  ({ data }) => (data === 'same' ? undefined : (data ?? 'no sums were written')),
);

const isOfDracut = ({ image }: Outcome): boolean =>
  image.files.some((name) => name.endsWith('/mdraid_start'));

/** By the distribution's own way: dracut's begins after two thirds of rd.retry=30, that of initramfs-tools after 20 s of its 30. */
export const rootMountedWithoutUs: Expectation = expectation(
  'root is mounted when stock would',
  (outcome) => {
    const bounds = isOfDracut(outcome) ? ([20, 150] as const) : ([20, 90] as const);
    return rootMounted(bounds).problem(outcome);
  },
);

/** What fails without the product as well, in the same run, is not ours. */
export const noFailedUnits: Expectation = expectation('no failed unit, no job left', (outcome) => {
  const left = [...outcome.failedUnits, ...outcome.jobs].filter(
    (unit) => !outcome.stock?.failedUnits.includes(unit),
  );
  return left.length === 0 ? undefined : left.join('; ');
});

export const noReport: Expectation = expectation('no report: the engine was not started', (outcome) =>
  outcome.report === undefined ? undefined : `there is one: ${kinds(outcome.report.timeline)}`,
);

export interface EntryFilter<K extends TimelineKind = TimelineKind> {
  readonly degraded?: boolean;
  /** Facts that the entry must have, as they are. */
  readonly with?: Partial<TimelineFacts[K]>;
  /** Seconds since device discovery began, by the report's own clock. */
  readonly sinceDiscovery?: readonly [number, number];
  /**
   * Due so many seconds after discovery began: not before, and at most that much later. Where a slow machine started the engine late, a
   * notice is due at its start, and the end of a wait no sooner than when it has been watched (docs/adr/0017).
   */
  readonly due?: readonly [seconds: number, slackSeconds: number];
  /** Seconds since the step of that number (0 is the first) was done. */
  readonly sinceStep?: readonly [step: number, from: number, to: number];
  readonly times?: number;
}

export const reports = <K extends TimelineKind>(kind: K, filter: EntryFilter<K> = {}): Expectation =>
  expectation(`the report has ${kind} ${describe(filter)}`.trimEnd(), (outcome) => {
    if (outcome.report === undefined) return 'there is no report';
    const found = entries(outcome, kind, filter);
    const enough = filter.times === undefined ? found.length > 0 : found.length === filter.times;
    if (enough) return undefined;
    return `timeline: ${kinds(outcome.report.timeline, outcome.report.discoveryAtMs)}; steps done at ${outcome.stepsAt.map((when) => when.toFixed(1)).join(', ')}`;
  });

export const neverReports = <K extends TimelineKind>(kind: K, filter: EntryFilter<K> = {}): Expectation =>
  expectation(`the report has no ${kind} ${describe(filter)}`.trimEnd(), (outcome) => {
    const found = entries(outcome, kind, filter);
    return found.length === 0 ? undefined : kinds(found, outcome.report?.discoveryAtMs);
  });

/** Its disks have been waited for while the boot image waited for those of root: four seconds for drivers, and more for a busy host. */
export const startedWithoutAnotherWait = (name: string): Expectation =>
  expectation(`array ${name} is started after the boot image, without another wait`, ({ laterReport }) => {
    if (laterReport === undefined) return 'there is no report of it';
    const at = (kind: TimelineKind) => laterReport.timeline.find((entry) => entry.kind === kind)?.atMs;
    const [looked = Number.NaN, started = Number.NaN] = [at('engine-started'), at('array-started')];
    return started - looked <= 10_000 ? undefined : kinds(laterReport.timeline, laterReport.discoveryAtMs);
  });

/** By a person's key at the consoles, while systemd held the boot for it. */
export const startedLaterByKey = (name: string): Expectation =>
  expectation(`array ${name} is started after the boot image, since a key says so`, ({ laterReport }) => {
    if (laterReport === undefined) return 'there is no report of it';
    const causes = laterReport.timeline.flatMap((entry) => (entry.kind === 'deadline' ? [entry.cause] : []));
    return causes.length === 1 && causes[0] === 'key'
      ? undefined
      : kinds(laterReport.timeline, laterReport.discoveryAtMs);
  });

export const sameImageFilesAsStock: Expectation = {
  ...expectation('the image holds the files it holds without us', ({ image, stockImage }) => {
    const [stock, ours] = [new Set(stockImage?.files), new Set(image.files)];
    const added = [...ours].filter((file) => !stock.has(file));
    const lost = [...stock].filter((file) => !ours.has(file));
    if (added.length + lost.length === 0) return undefined;
    return `added: ${added.slice(0, 5).join(' ') || 'none'}; lost: ${lost.slice(0, 5).join(' ') || 'none'}`;
  }),
  needsStockImage: true,
};

export const imageGrowsAtMost = (bytes: number): Expectation => ({
  ...expectation(`the image grows by at most ${bytes} bytes`, ({ image, stockImage }) => {
    if (stockImage === undefined) return 'there is no image to compare it with';
    const growthBytes = image.bytes - stockImage.bytes;
    return growthBytes <= bytes ? undefined : `it grows by ${growthBytes}`;
  }),
  needsStockImage: true,
});

export const priorBootSaid = (boot: number, text: RegExp): Expectation =>
  expectation(`the commands of boot ${boot + 1} say ${text}`, (outcome) =>
    text.test(outcome.priorText[boot] ?? '') ? undefined : `they say: ${outcome.priorText[boot]}`,
  );

export const superblocksUnchanged = (...disks: readonly string[]): Expectation =>
  expectation(`the superblocks on ${disks.join(' and ')} are as before`, (outcome) => {
    const changed = disks.filter((disk) => outcome.changedSuperblocks.includes(disk));
    return changed.length === 0 ? undefined : `changed on ${changed.join(', ')}`;
  });

export const untouched = (...disks: readonly string[]): Expectation =>
  expectation(`not a byte of ${disks.join(' and ')} is changed`, (outcome) => {
    const changed = disks.filter((disk) => outcome.changedDisks.includes(disk));
    return changed.length === 0 ? undefined : `changed: ${changed.join(', ')}`;
  });

export const rootOfHalf = (disk: string): Expectation =>
  expectation(`root holds what was written to ${disk}`, ({ rootOfHalf: half }) =>
    half === disk ? undefined : `it holds what was written to ${half ?? 'no half'}`,
  );

function entries(outcome: Outcome, kind: string, filter: EntryFilter): TimelineEntry[] {
  const report = outcome.report;
  return (report?.timeline ?? []).filter((entry) => {
    if (entry.kind !== kind) return false;
    if (filter.degraded !== undefined && isDegraded(entry) !== filter.degraded) return false;
    const facts = entry as unknown as Readonly<Record<string, unknown>>;
    if (!Object.entries(filter.with ?? {}).every(([name, fact]) => isDeepStrictEqual(facts[name], fact)))
      return false;
    const since = (entry.atMs - (report?.discoveryAtMs ?? 0)) / 1000;
    if (filter.sinceDiscovery !== undefined && !within(since, filter.sinceDiscovery)) return false;
    if (filter.due !== undefined && !isInTime(report, kind, since, filter.due)) return false;
    if (filter.sinceStep === undefined) return true;
    const [step, from, to] = filter.sinceStep;
    return within(entry.atMs / 1000 - (outcome.stepsAt[step] ?? Number.NaN), [from, to]);
  });
}

function isInTime(
  report: Outcome['report'],
  kind: string,
  since: number,
  [dueSeconds, slackSeconds]: readonly [number, number],
): boolean {
  const started = report?.timeline.find(({ kind }) => kind === 'engine-started');
  const startedSince = ((started?.atMs ?? 0) - (report?.discoveryAtMs ?? 0)) / 1000;
  const watchedSeconds = kind === 'notice' ? 0 : leastWatchMs(dueSeconds * 1000) / 1000;
  return within(since, [dueSeconds, Math.max(dueSeconds, startedSince + watchedSeconds) + slackSeconds]);
}

const isDegraded = (entry: TimelineEntry): boolean => 'degraded' in entry && entry.degraded;

const within = (value: number, [from, to]: readonly [number, number]) => value >= from && value <= to;

function describe(filter: EntryFilter): string {
  const { degraded, with: facts, sinceDiscovery, due, sinceStep, times } = filter;
  return [
    degraded === undefined ? '' : degraded ? 'degraded' : 'not degraded',
    facts === undefined ? '' : JSON.stringify(facts),
    sinceDiscovery === undefined ? '' : `${sinceDiscovery.join(' to ')} s after discovery began`,
    due === undefined ? '' : `at most ${due[1]} s after it is due at ${due[0]} s`,
    sinceStep === undefined ? '' : `${sinceStep[1]} to ${sinceStep[2]} s after step ${sinceStep[0] + 1}`,
    times === undefined ? '' : `${times} time(s)`,
  ]
    .filter(Boolean)
    .join(', ');
}

function kinds(timeline: readonly TimelineEntry[], origin = 0): string {
  return timeline
    .map(
      (entry) =>
        `${((entry.atMs - origin) / 1000).toFixed(1)} ${entry.kind}${isDegraded(entry) ? ' degraded' : ''}`,
    )
    .join(', ');
}
