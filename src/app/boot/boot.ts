import { bootOptions } from '../../core/configuration/boot-options.ts';
import { stageOptions } from '../../core/engine/stage-options.ts';
import { initialState } from '../../core/engine/state.ts';
import { parseKernelCmdline } from '../../core/parse/kernel-cmdline.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { loadWatchlistWithLedger } from '../ledger/watchlist-with-ledger.ts';
import type { Machine } from '../machine.ts';
import { observerOf } from '../observer-of.ts';
import { EngineLoop } from './engine-loop.ts';
import { releaseArrays } from './release-half-assembled.ts';
import { BootReport } from './report-writer.ts';

/**
 * `local-top`: before any passphrase; `local-block`: later, all arrays; `release`: before the root switch, arrays that
 * udev left half assembled are stopped so that the real system can take them (S1, F6).
 */
export type BootStage = 'local-top' | 'local-block' | 'release';

export interface BootRequest {
  readonly stage: BootStage;
  /** When the generator gives up, in milliseconds since the kernel started; null: not known. */
  readonly limitAtMs: number | null;
  readonly watchlistPath: string;
}

/** Exit status of `reliable-raid boot`; anything else means that the engine is broken, and the shim gives the fallback back (S11). */
export const EXIT_UP = 0;
export const EXIT_HANDOVER = 3;
export const EXIT_BROKEN = 1;

/** Discovery cannot have begun earlier than this before the engine; a mark from elsewhere is not believed. */
const OLDEST_DISCOVERY_MS = 3_600_000;

/** One stage of the boot. `say` writes a line for people where the shim's console is. */
export async function boot(
  request: BootRequest,
  machine: Machine,
  say: (line: string) => void,
): Promise<number> {
  const loaded = await loadWatchlistWithLedger(machine, request.watchlistPath);
  if (!loaded.ok) {
    say(`reliable-raid: ${escapeForConsole(loaded.at, 80)}: ${escapeForConsole(loaded.why, 200)}`);
    return EXIT_BROKEN;
  }
  const { watchlist, notes } = loaded.value;
  const cmdline = (await machine.files.readText(`${machine.paths.proc}/cmdline`)) ?? '';
  const options = bootOptions(parseKernelCmdline(cmdline), watchlist.settings);
  for (const warning of options.warnings) say(`reliable-raid: ${escapeForConsole(warning, 200)}`);
  if (options.off !== null) {
    say(`reliable-raid: off: ${escapeForConsole(options.off, 80)}`);
    return EXIT_BROKEN;
  }

  const startedAtMs = machine.clock.nowMs();
  const discoveryAtMs = await discoveryMark(machine, startedAtMs);
  const report = await BootReport.open(
    machine.files,
    `${machine.paths.run}/reliable-raid/boot.json`,
    discoveryAtMs,
    watchlist.arrays.map(({ uuid, name }) => ({ uuid, name })),
  );
  const observer = observerOf(watchlist, machine);
  if (request.stage === 'release') return releaseArrays(machine, observer, report);

  const stage = {
    startedAtMs,
    discoveryAtMs,
    generatorLimitAtMs: request.limitAtMs ?? startedAtMs,
    scope: request.stage === 'local-top' ? ('before-passphrase' as const) : ('all' as const),
    alreadyTold: report.toldNotStartable(),
  };
  const engineOptions = stageOptions(stage, watchlist.settings, options);
  for (const note of notes) report.add({ atMs: startedAtMs, ...note });
  const loop = new EngineLoop(initialState(watchlist, engineOptions), machine, observer, report);
  const outcome = await loop.run();
  return outcome === 'up' ? EXIT_UP : EXIT_HANDOVER;
}

/** When device discovery began, as the image's first script noted it (seconds, as in /proc/uptime); else now. */
async function discoveryMark(machine: Machine, nowMs: number): Promise<number> {
  const text = await machine.files.readText(`${machine.paths.run}/reliable-raid/discovery`);
  const atMs = text === null || !/^\d+(\.\d+)?\s*$/.test(text) ? Number.NaN : Number(text) * 1000;
  return atMs <= nowMs && nowMs - atMs <= OLDEST_DISCOVERY_MS ? atMs : nowMs;
}
