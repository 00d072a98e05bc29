import { bootOptions } from '../../core/configuration/boot-options.ts';
import type { ShellDenial } from '../../core/configuration/shell-denial.ts';
import { stageOptions } from '../../core/engine/stage-options.ts';
import { initialState } from '../../core/engine/state.ts';
import { ARRAY_ARGUMENTS } from '../../core/image/array-arguments.ts';
import { isRootLocked } from '../../core/parse/shadow.ts';
import type { Outcome } from '../../core/report/timeline.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { loadWatchlistWithLedger } from '../ledger/watchlist-with-ledger.ts';
import type { Machine } from '../machine.ts';
import { etcPath, markNews, runPath } from '../own-places.ts';
import { awaitedSources } from '../read/awaited-sources.ts';
import { observerOf } from '../read/device-observer.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';
import { EngineLoop } from './engine-loop.ts';
import { releaseArrays } from './release-half-assembled.ts';
import { BootReport } from './report-writer.ts';
import { isDirtyStartAllowed } from './run-command.ts';

/**
 * `before-passphrase`: the arrays that are not behind one; `all`: later, every listed array; `release`: before the root switch,
 * arrays that udev left half assembled are stopped so that the real system can take them (S1, F6). Each generator's own scripts
 * say which of its moments is which.
 */
export type BootStage = 'before-passphrase' | 'all' | 'release';

export interface BootRequest {
  readonly stage: BootStage;
  /** When the generator gives up, in milliseconds since the kernel started; null: not known. */
  readonly limitAtMs: number | null;
  readonly watchlistPath: string;
  /** What the boot waits for: root as the generator knows it (root=), or another source while that is its turn; null: not known. */
  readonly root: string | null;
}

/** Exit status of `reliable-raid boot`; anything else means that the engine is broken, and the shim gives the fallback back (S11). */
export const EXIT_UP = 0;
export const EXIT_HANDOVER = 3;
export const EXIT_GIVEN_BACK = 4;
export const EXIT_BROKEN = 1;

const EXITS: Readonly<Record<Outcome, number>> = {
  up: EXIT_UP,
  handover: EXIT_HANDOVER,
  'given-back': EXIT_GIVEN_BACK,
};

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
  const options = bootOptions(await readKernelCmdline(machine), watchlist.settings);
  for (const warning of options.warnings) say(`reliable-raid: ${escapeForConsole(warning, 200)}`);
  if (options.off !== null) {
    say(`reliable-raid: off: ${escapeForConsole(options.off, 80)}`);
    return EXIT_BROKEN;
  }

  const startedAtMs = machine.clock.nowMs();
  const discoveryAtMs = await discoveryMark(machine, startedAtMs);
  const report = await BootReport.open(
    machine.files,
    runPath(machine.paths, 'boot.json'),
    discoveryAtMs,
    watchlist.arrays.map(({ uuid, name }) => ({ uuid, name })),
  );
  // What the boot does is told by the system that comes up.
  await markNews(machine);
  if (request.stage === 'release') return releaseArrays(machine, observerOf(watchlist, machine), report);
  const observer = observerOf(
    watchlist,
    machine,
    await awaitedSources(machine.files, request.stage, request.root),
  );

  const stage = {
    startedAtMs,
    discoveryAtMs,
    generatorLimitAtMs: request.limitAtMs ?? startedAtMs,
    scope: request.stage,
    alreadyTold: report.toldNotStartable(),
    needsUnlisted: await machine.files.exists(etcPath(machine.paths, 'needs-unlisted')),
    hidesUnlisted: await machine.files.exists(`${machine.paths.etc}/${ARRAY_ARGUMENTS}`),
  };
  const startDirty = options.startDirty || (await isDirtyStartAllowed(machine));
  const shellDenied = options.shellDenied ?? (await lockedRoot(machine));
  const engineOptions = stageOptions(stage, watchlist.settings, { ...options, startDirty, shellDenied });
  for (const note of notes) report.add({ atMs: startedAtMs, ...note });
  const loop = new EngineLoop(initialState(watchlist, engineOptions), machine, observer, report, {
    heedsPrompts: true,
    besideStatus: await isRunBySystemd(machine),
  });
  const outcome = await loop.run();
  return EXITS[outcome];
}

/** Of the image: sd_booted(3). */
const isRunBySystemd = ({ files, paths }: Pick<Machine, 'files' | 'paths'>): Promise<boolean> =>
  files.exists(`${paths.run}/systemd/system`);

/** Where systemd runs the image, the shell is sulogin's. */
async function lockedRoot(machine: Pick<Machine, 'files' | 'paths'>): Promise<ShellDenial | null> {
  if (!(await isRunBySystemd(machine))) return null;
  const { files, paths } = machine;
  return isRootLocked((await files.readText(`${paths.etc}/shadow`)) ?? '') ? { by: 'locked-root' } : null;
}

/** When device discovery began, as the image's first script noted it (seconds, as in /proc/uptime); else now. */
export async function discoveryMark(
  machine: Pick<Machine, 'files' | 'paths'>,
  nowMs: number,
): Promise<number> {
  const text = await machine.files.readText(runPath(machine.paths, 'discovery'));
  const atMs = text === null || !/^\d+(\.\d+)?\s*$/.test(text) ? Number.NaN : Number(text) * 1000;
  return atMs <= nowMs && nowMs - atMs <= OLDEST_DISCOVERY_MS ? atMs : nowMs;
}
