import { bootOptions } from '../../core/configuration/boot-options.ts';
import { comesUp, type Explanation, type KnownDisk } from '../../core/explain/explanation.ts';
import { type NextBoot, nextBoot } from '../../core/explain/next-boot.ts';
import { simulateBoot } from '../../core/explain/simulate-boot.ts';
import { INITRAMFS_TOOLS } from '../../core/image/generator.ts';
import { renderExplanationJson } from '../../core/render/commands/explain-json.ts';
import { renderExplanation } from '../../core/render/commands/explain-text.ts';
import { arrayLabel } from '../../core/render/labels.ts';
import { isRunning, type PresentArray } from '../../core/snapshot/snapshot.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { diskIdentity } from '../../core/topology/disk-identity.ts';
import { findDisk } from '../../core/topology/find-disk.ts';
import { isExternal, type Watchlist } from '../../core/watchlist/watchlist.ts';
import type { FactSources } from '../machine.ts';
import type { Output } from '../output.ts';
import { DeviceObserver } from '../read/device-observer.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';
import { isResyncing } from '../read/sysfs-array.ts';
import { type ResolvedBlock, resolve } from '../watchlist/resolve.ts';

export interface ExplainRequest {
  /** Disks taken away, as the person calls them. */
  readonly without: readonly string[];
  /** Besides, each single disk that the boot needs in turn. */
  readonly each: boolean;
  readonly json: boolean;
}

export const EXIT_COMES_UP = 0;
/** In some case it does not come up by itself, or it cannot be told. */
export const EXIT_DOES_NOT = 1;
export const EXIT_USAGE = 2;

/** `reliable-raid explain`: what the next boot would do, with disks taken away. Changes nothing. */
export async function explain(
  request: ExplainRequest,
  machine: FactSources,
  output: Output,
): Promise<number> {
  const {
    watchlist: resolved,
    block,
    warnings,
  } = await resolve(machine, {
    root: '/',
    fstab: null,
    resume: null,
    guessResume: true,
  });
  for (const warning of warnings) output.err(`warning: ${warning}`);
  if (!resolved.ok || block === null) {
    if (!resolved.ok) output.err(`error: ${resolved.at}: ${resolved.why}`);
    return EXIT_DOES_NOT;
  }
  // What was last seen in sync is what is seen now: the ledgers are refreshed at shutdown.
  const watchlist = resolved.value;
  const cmdline = await readKernelCmdline(machine);
  const options = bootOptions(cmdline, watchlist.settings);
  for (const warning of options.warnings) output.err(`warning: ${escapeForConsole(warning, 200)}`);
  if (options.off !== null) {
    output.err(`error: ${escapeForConsole(options.off, 80)}`);
    output.err('  With that, the next boot would do what the distribution does; take it away and ask again.');
    return EXIT_DOES_NOT;
  }

  const boot = await observeNextBoot(machine, watchlist, block);
  const unread = unreadArrays(boot);
  if (unread.length > 0) {
    output.err(`error: no superblock of array ${unread.join(', ')} could be read; run it as root`);
    return EXIT_DOES_NOT;
  }
  const used = disksOf(boot);
  const taken = takeAway(request.without, block, used);
  if (typeof taken === 'string') {
    output.err(`error: ${taken}`);
    return EXIT_USAGE;
  }
  const conditions = { options, ...INITRAMFS_TOOLS.rootWait(cmdline) };
  const cases = request.each ? [taken, ...casesOfEach(used, taken, block)] : [taken];
  const explanation: Explanation = {
    forecasts: cases.map((disks) => simulateBoot(boot, disks, conditions)),
    disks: knownDisks(cases.flat(), used, block),
    failurePath: INITRAMFS_TOOLS.failurePath(cmdline),
  };
  output.out(request.json ? renderExplanationJson(explanation) : renderExplanation(explanation));
  return comesUp(explanation) ? EXIT_COMES_UP : EXIT_DOES_NOT;
}

async function observeNextBoot(
  machine: FactSources,
  watchlist: Watchlist,
  { graph, roots, arrayUuids }: ResolvedBlock,
): Promise<NextBoot> {
  const snapshot = await new DeviceObserver(machine.files, machine.paths).rescanAll();
  const resyncing = await readResyncing(machine, snapshot.arrays);
  return nextBoot({ watchlist, snapshot, graph, roots, arrayUuids, resyncing });
}

/** Arrays of which nothing could be foretold: they run, and none of their members could be read. */
function unreadArrays({ watchlist, members }: NextBoot): readonly string[] {
  const read = new Set(members.map(({ superblock }) => superblock.arrayUuid));
  return watchlist.arrays.filter((array) => !isExternal(array) && !read.has(array.uuid)).map(arrayLabel);
}

async function readResyncing(
  { files, paths }: FactSources,
  arrays: readonly PresentArray[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const { device } of arrays.filter(isRunning)) {
    if (await isResyncing(files, paths, device)) found.add(device);
  }
  return found;
}

/** Every disk that the next boot has to do with, by name. */
function disksOf({ members, volumes, mounts }: NextBoot): readonly string[] {
  const needs = [...members, ...volumes, ...mounts].map(({ need }) => need);
  return [...new Set(needs.flatMap(({ disks }) => [...disks]))].sort(byName);
}

const byName = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

/** The disks meant, or what is wrong. */
function takeAway(
  wanted: readonly string[],
  { graph, byIdNames }: ResolvedBlock,
  used: readonly string[],
): readonly string[] | string {
  const taken = new Set<string>();
  for (const text of wanted) {
    const found = findDisk(text, graph, byIdNames);
    if (!found.ok) {
      const known = used.map((disk) => escapeForConsole(disk, 32)).join(', ');
      return `--without ${found.at}: ${found.why}; the boot needs: ${known === '' ? 'no disk' : known}`;
    }
    for (const disk of found.value) taken.add(disk);
  }
  return [...taken].sort(byName);
}

/** Each other disk besides those taken away anyway; one that is reached on several paths goes with all of them. */
function casesOfEach(
  used: readonly string[],
  taken: readonly string[],
  { graph, byIdNames }: ResolvedBlock,
): readonly string[][] {
  const cases = new Map<string, string[]>();
  for (const disk of used.filter((name) => !taken.includes(name))) {
    const found = findDisk(disk, graph, byIdNames);
    const disks = found.ok ? found.value : [disk];
    cases.set(disks.join(' '), [...taken, ...disks]);
  }
  return [...cases.values()];
}

function knownDisks(
  disks: readonly string[],
  used: readonly string[],
  { graph, byIdNames }: ResolvedBlock,
): ReadonlyMap<string, KnownDisk> {
  const isUsed = new Set(used);
  return new Map(
    disks.map((device) => [
      device,
      { device, identity: diskIdentity(device, graph, byIdNames), isUsed: isUsed.has(device) },
    ]),
  );
}
