import { bootOptions } from '../../core/configuration/boot-options.ts';
import { nextStartCommand } from '../../core/engine/start-array.ts';
import { type EngineOptions, initialState } from '../../core/engine/state.ts';
import { parseMdUuid } from '../../core/md/md-uuid.ts';
import { renderListing } from '../../core/render/console/listing.ts';
import { arrayLabel } from '../../core/render/labels.ts';
import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { wrap } from '../../core/text/lines.ts';
import { judgeArray } from '../../core/verdict/judge-array.ts';
import type { WatchedArray, Watchlist } from '../../core/watchlist/watchlist.ts';
import { EngineLoop } from '../boot/engine-loop.ts';
import { BootReport } from '../boot/report-writer.ts';
import { commandLine } from '../boot/run-command.ts';
import { loadWatchlistWithLedger } from '../ledger/watchlist-with-ledger.ts';
import type { Machine } from '../machine.ts';
import type { Output } from '../output.ts';
import { runPath } from '../own-places.ts';
import { observerOf } from '../read/device-observer.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';
import { StartQuestions } from './start-questions.ts';

export interface StartRequest {
  /** Names, UUIDs or device paths; none: every listed array. */
  readonly arrays: readonly string[];
  readonly dryRun: boolean;
  /** Answers to the questions of S4-S6 in the order in which they come, counted from 1; for those who cannot type them. */
  readonly choices: readonly number[];
  readonly watchlistPath: string;
}

/**
 * `reliable-raid start`, by hand: shows the listed arrays, asks what only a person can decide (S4-S6), starts those that
 * can be started with the engine's own guards and without waiting, lowest layer first, and says how to go on. Exit status
 * 0 when all asked for run, else 1.
 */
export async function start(request: StartRequest, machine: Machine, output: Output): Promise<number> {
  const loaded = await loadWatchlistWithLedger(machine, request.watchlistPath);
  if (!loaded.ok) {
    output.err(`reliable-raid: ${escapeForConsole(loaded.at, 80)}: ${escapeForConsole(loaded.why, 200)}`);
    return 1;
  }
  const { watchlist } = loaded.value;
  const chosen = chooseArrays(watchlist, request.arrays);
  if (typeof chosen === 'string') {
    output.err(`reliable-raid: ${chosen}`);
    return 1;
  }
  const { stale } = bootOptions(await readKernelCmdline(machine), watchlist.settings);
  const observer = observerOf(watchlist, machine);
  const before = await observer.rescanAll();
  output.out(renderListing(watchlist, before, stale));
  if (request.dryRun) return dryRun(chosen, before, stale, machine, output);
  if (!chosen.arrays.some((array) => judgeArray(array, before, { stale }).kind !== 'active')) {
    output.out(goOn(chosen, before, stale));
    return 0;
  }

  const report = await BootReport.open(
    machine.files,
    runPath(machine.paths, 'start.json'),
    machine.clock.nowMs(),
    chosen.arrays.map(({ uuid, name }) => ({ uuid, name })),
  );
  const questions = new StartQuestions(chosen.arrays, stale, request.choices, machine.operator, output);
  let after = before;
  // An array that now runs may be what another stands on, with a question of its own.
  for (let asked = true; asked; ) {
    const answers = await questions.ask(after);
    const loop = new EngineLoop(
      initialState(chosen, engineOptions(machine.clock.nowMs(), stale, answers)),
      withOutputAsConsole(machine, output),
      observer,
      report,
    );
    await loop.run();
    after = await observer.rescanAll();
    asked = questions.hasMore(after);
  }
  output.out(goOn(chosen, after, stale));
  return chosen.arrays.every((array) => judgeArray(array, after, { stale }).kind === 'active') ? 0 : 1;
}

function engineOptions(
  nowMs: number,
  stale: 'ask' | 'start',
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
    stale,
    shellDenied: 'this is one',
    alreadyTold: new Set(),
    answers,
  };
}

/** The listed arrays that were asked for, and all that they stand on. */
function chooseArrays(watchlist: Watchlist, wanted: readonly string[]): Watchlist | string {
  if (wanted.length === 0) return watchlist;
  const chosen = new Set<WatchedArray>();
  for (const text of wanted) {
    const uuid = parseMdUuid(text);
    const named = watchlist.arrays.filter(
      (array) =>
        (uuid.ok && array.uuid === uuid.value) ||
        array.name === text ||
        array.devicePath === text ||
        array.devicePath === `/dev/${text}`,
    );
    if (named.length === 0)
      return `no listed array is called ${escapeForConsole(text)}; "reliable-raid start --dry-run" lists them`;
    for (const array of named) chosen.add(array);
  }
  for (const array of [...watchlist.arrays].reverse()) {
    if (!chosen.has(array)) continue;
    for (const below of watchlist.arrays) if (array.standsOn.includes(below.uuid)) chosen.add(below);
  }
  return { ...watchlist, arrays: watchlist.arrays.filter((array) => chosen.has(array)) };
}

function dryRun(
  watchlist: Watchlist,
  snapshot: Snapshot,
  stale: 'ask' | 'start',
  machine: Machine,
  output: Output,
): number {
  for (const array of watchlist.arrays) {
    const verdict = judgeArray(array, snapshot, { stale });
    if (verdict.kind !== 'startable' && verdict.kind !== 'complete') continue;
    const first = nextStartCommand(snapshot, array, null, 'begin');
    const run = first?.kind === 'assemble' ? `then: mdadm --run on the device that appears` : '';
    output.out(
      `would run: ${first === null ? 'nothing, no md device holds its members' : commandLine(first, machine.paths)} ${run}`.trimEnd(),
    );
  }
  return 0;
}

function goOn(watchlist: Watchlist, snapshot: Snapshot, stale: 'ask' | 'start'): string {
  const down = watchlist.arrays.filter((array) => judgeArray(array, snapshot, { stale }).kind !== 'active');
  if (down.length === 0)
    return 'All listed arrays run. In the rescue shell, type exit to go on with the boot.';
  const names = down.map(arrayLabel).join(', ');
  return wrap(
    `Not started: ${names}. Attach the missing disks and run it again; "exit" goes on with the boot.`,
  ).join('\n');
}

/** By hand there is one console, the standard output, no countdown and no key. */
function withOutputAsConsole(machine: Machine, output: Output): Machine {
  const console = {
    name: 'stdout',
    write: (text: string) => {
      const line = text.replaceAll('\r', '').trim();
      if (line !== '') output.out(line);
    },
  };
  return {
    ...machine,
    consoles: { open: async () => [console], close: async () => undefined, shell: async () => undefined },
  };
}
