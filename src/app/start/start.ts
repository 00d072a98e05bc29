import { isCalled } from '../../core/configuration/array-names.ts';
import { DEFAULT_POLICIES } from '../../core/configuration/array-policies.ts';
import { bootOptions } from '../../core/configuration/boot-options.ts';
import { idleArrays } from '../../core/engine/other-arrays.ts';
import { nextStartCommand } from '../../core/engine/start-array.ts';
import { type EngineOptions, initialState } from '../../core/engine/state.ts';
import { ok } from '../../core/result/result.ts';
import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import { judgeArray } from '../../core/verdict/judge-array.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../core/watchlist/watchlist.ts';
import { releaseHeld } from '../after-boot/held-members.ts';
import { readOtherArrayFacts } from '../after-boot/other-array-facts.ts';
import { EngineLoop } from '../boot/engine-loop.ts';
import { withLinesAsConsole } from '../boot/lines-as-console.ts';
import { BootReport } from '../boot/report-writer.ts';
import { commandLine, isDirtyStartAllowed } from '../boot/run-command.ts';
import { loadWatchlistWithLedger } from '../ledger/watchlist-with-ledger.ts';
import type { Machine } from '../machine.ts';
import { etcPath, isImage, markNews, runPath } from '../own-places.ts';
import { DeviceObserver, observerOf } from '../read/device-observer.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';
import { deniedOf, type Unread } from '../read/why-unread.ts';
import { withArraysLocked } from '../rejoin/array-lock.ts';
import type { StartDialogue } from './start-dialogue.ts';
import { StartQuestions } from './start-questions.ts';

/** A re-add takes no longer, and the person who waits sees why. */
const LOCK_MS = 20_000;

export interface StartRequest {
  /** Names, UUIDs or device paths; none: every listed array. */
  readonly arrays: readonly string[];
  readonly dryRun: boolean;
  readonly watchlistPath: string;
}

export type StartFindings =
  | { readonly kind: 'no-watchlist'; readonly at: string; readonly why: string }
  | { readonly kind: 'not-listed'; readonly array: string }
  /** Members that may not be read: nothing is judged by the rest. */
  | { readonly kind: 'denied'; readonly members: readonly Unread[] }
  | { readonly kind: 'dry-run'; readonly plans: readonly StartPlan[] }
  /** `down`: what was asked for and does not run. `bootWaits`: in the boot image, where the boot goes on afterwards. */
  | { readonly kind: 'started'; readonly down: readonly WatchedArray[]; readonly bootWaits: boolean };

/** What would be run for an array. */
export interface StartPlan {
  /** As a person would type it; null where no md device holds its members. */
  readonly command: string | null;
  /** Then the device that appears is run. */
  readonly thenRun: boolean;
}

/**
 * `reliable-raid start`, by hand: lists the arrays, asks what only a person can decide (S4-S6), and starts those that can be
 * started with the engine's own guards and without waiting, lowest layer first.
 */
export async function start(
  machine: Machine,
  request: StartRequest,
  dialogue: StartDialogue,
): Promise<StartFindings> {
  const loaded = (await isWithoutList(machine, request))
    ? ok({ watchlist: await listOfIdle(machine) })
    : await loadWatchlistWithLedger(machine, request.watchlistPath);
  if (!loaded.ok) return { kind: 'no-watchlist', at: loaded.at, why: loaded.why };
  const { watchlist } = loaded.value;
  const chosen = chooseArrays(watchlist, request.arrays);
  if (typeof chosen === 'string') return { kind: 'not-listed', array: chosen };
  const { arrays } = chosen;
  const options = bootOptions(await readKernelCmdline(machine), watchlist.settings);
  const { stale } = options;
  const startDirty = options.startDirty || (await isDirtyStartAllowed(machine));
  const observer = observerOf(watchlist, machine);
  const before = await observer.rescanAll();
  const members = await deniedOf(machine, observer.unreadMembers);
  if (members.length > 0) return { kind: 'denied', members };
  dialogue.list(watchlist, before, stale);
  if (request.dryRun)
    return { kind: 'dry-run', plans: plansOf(arrays, before, { stale, startDirty }, machine) };
  const downIn = (snapshot: Snapshot): readonly WatchedArray[] =>
    arrays.filter((array) => judgeArray(array, snapshot, { stale, startDirty }).kind !== 'active');
  const bootWaits = await isImage(machine);
  if (downIn(before).length === 0) return { kind: 'started', down: [], bootWaits };

  const report = await BootReport.open(
    machine.files,
    runPath(machine.paths, 'start.json'),
    machine.clock.nowMs(),
    arrays.map(({ uuid, name }) => ({ uuid, name })),
  );
  const questions = new StartQuestions(arrays, { stale, startDirty }, dialogue);
  let after = before;
  // An array that now runs may be what another stands on, with a question of its own.
  for (let asked = true; asked; ) {
    const answers = await questions.ask(after);
    const loop = new EngineLoop(
      initialState(chosen, engineOptions(machine.clock.nowMs(), { stale, startDirty }, answers)),
      withLinesAsConsole(machine, dialogue.say),
      observer,
      report,
    );
    const down = downIn(after).map(({ uuid }) => uuid);
    if ((await withArraysLocked(machine, down, LOCK_MS, () => loop.run().then(() => true))) === null)
      dialogue.say('reliable-raid: another program is at work on these arrays: nothing is started');
    else if (!bootWaits) await releaseHeld(machine);
    after = await observer.rescanAll();
    asked = questions.hasMore(after);
  }
  await markNews(machine);
  return { kind: 'started', down: downIn(after), bootWaits };
}

/** The running system has no list of its own, and needs none. */
const isWithoutList = async ({ files, paths }: Machine, { watchlistPath }: StartRequest): Promise<boolean> =>
  watchlistPath === etcPath(paths, 'watchlist.json') &&
  !(await files.exists(watchlistPath)) &&
  !(await isImage({ files, paths }));

/** What does not run, with all that this machine knows of it. */
async function listOfIdle(machine: Machine): Promise<Watchlist> {
  const snapshot = await new DeviceObserver(machine.files, machine.paths).rescanAll();
  const facts = await readOtherArrayFacts(machine, DEFAULT_POLICIES, 'start');
  const rest = { hostName: '', settings: DEFAULT_SETTINGS, tree: [], warnings: [] };
  return { ...rest, schema: WATCHLIST_SCHEMA, arrays: idleArrays(snapshot, facts) };
}

function engineOptions(
  nowMs: number,
  accepted: Pick<EngineOptions, 'stale' | 'startDirty'>,
  answers: EngineOptions['answers'],
): EngineOptions {
  return {
    discoveryAtMs: nowMs,
    startedAtMs: nowMs,
    generatorLimitAtMs: nowMs,
    scope: 'all',
    noticeAfterMs: Number.POSITIVE_INFINITY,
    maxWaitMs: 0,
    lastChanceMs: 0,
    waitMs: 0,
    degraded: 'start',
    ...accepted,
    needsUnlisted: false,
    hidesUnlisted: false,
    shellDenied: { by: 'shell' },
    alreadyTold: new Set(),
    answers,
  };
}

/** The listed arrays that were asked for, and all that they stand on; a text is what no listed array is called. */
function chooseArrays(watchlist: Watchlist, wanted: readonly string[]): Watchlist | string {
  if (wanted.length === 0) return watchlist;
  const chosen = new Set<WatchedArray>();
  for (const text of wanted) {
    const named = watchlist.arrays.filter(({ uuid, name, devicePath }) =>
      isCalled(text, { device: '', uuid, name, devName: devicePath.replace(/^\/dev\/(md\/)?/, '') }),
    );
    if (named.length === 0) return text;
    for (const array of named) chosen.add(array);
  }
  for (const array of [...watchlist.arrays].reverse()) {
    if (!chosen.has(array)) continue;
    for (const below of watchlist.arrays) if (array.standsOn.includes(below.uuid)) chosen.add(below);
  }
  return { ...watchlist, arrays: watchlist.arrays.filter((array) => chosen.has(array)) };
}

function plansOf(
  arrays: readonly WatchedArray[],
  snapshot: Snapshot,
  accepted: Pick<EngineOptions, 'stale' | 'startDirty'>,
  { paths }: Machine,
): readonly StartPlan[] {
  return arrays.flatMap((array) => {
    const { kind } = judgeArray(array, snapshot, accepted);
    if (kind !== 'startable' && kind !== 'complete') return [];
    const first = nextStartCommand(snapshot, array, null, 'begin');
    const command = first === null ? null : commandLine(first, paths);
    return [{ command, thenRun: first?.kind === 'assemble' }];
  });
}
