import type { ArrayPolicy } from '../../core/configuration/array-policies.ts';
import { type BootOptions, bootOptions } from '../../core/configuration/boot-options.ts';
import type { Explanation, KnownDisk } from '../../core/explain/explanation.ts';
import { type NextBoot, nextBoot } from '../../core/explain/next-boot.ts';
import { bootSimulation } from '../../core/explain/simulate-boot.ts';
import { warningsOfEarlyEnds } from '../../core/image/early-end.ts';
import { ok, type Result } from '../../core/result/result.ts';
import { isRunning, type PresentArray, type Snapshot } from '../../core/snapshot/snapshot.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { deviceAt, deviceNumbers } from '../../core/topology/device-numbers.ts';
import { diskIdentity } from '../../core/topology/disk-identity.ts';
import { findDisk } from '../../core/topology/find-disk.ts';
import { mappingsBelow } from '../../core/watchlist/unlocks.ts';
import { isExternal, type WatchedArray, type Watchlist } from '../../core/watchlist/watchlist.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { DeviceObserver } from '../read/device-observer.ts';
import { filesBelow } from '../read/files-below.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';
import { isResyncing } from '../read/sysfs-array.ts';
import { type Resolution, type ResolvedBlock, resolve } from '../watchlist/resolve.ts';
import { listOfNextBoot } from './list-of-next-boot.ts';
import { readWholeBoot } from './whole-boot.ts';

export interface ExplainRequest {
  /** Disks taken away, as the person calls them. */
  readonly without: readonly string[];
  /** Besides, each single disk that the boot needs in turn. */
  readonly each: boolean;
  /** Folder of the root that is asked about, such as the target of an installer; this system's own where none is given. */
  readonly root?: string;
}

/** What the next boot would do, or why nothing can be said of it. */
export type NextBootFindings =
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  /** It is not known which arrays root needs. */
  | { readonly kind: 'unresolved'; readonly at: string; readonly why: string }
  /** The kernel command line switches us off. */
  | { readonly kind: 'off'; readonly why: string }
  /** Running arrays none of whose members could be read. */
  | { readonly kind: 'unread'; readonly arrays: readonly WatchedArray[] }
  /** No disk, or more than one, is called so; `needed` are the disks that the boot needs. */
  | {
      readonly kind: 'unknown-disk';
      readonly disk: string;
      readonly why: string;
      readonly needed: readonly string[];
    };

export interface ExplainFindings {
  readonly result: NextBootFindings;
  /** Each is one line, safe for a console. */
  readonly warnings: readonly string[];
}

/** `reliable-raid explain`: what the next boot would do, with disks taken away. Changes nothing. */
export async function explain(machine: FactSources, request: ExplainRequest): Promise<ExplainFindings> {
  const { root = '/' } = request;
  return explainList(machine, request, await resolve(machine, { ...LOOK, root }));
}

const WIDTH = 16;

/** How the list is made that is explained. */
export const LOOK = { root: '/', fstab: null, resume: null, guessResume: true } as const;

/** The same where that list is at hand. */
export async function explainList(
  machine: FactSources,
  request: ExplainRequest,
  resolution: Pick<Resolution, 'watchlist' | 'block' | 'needsUnlisted' | 'warnings'>,
): Promise<ExplainFindings> {
  const { root = '/' } = request;
  const warnings = [...resolution.warnings];
  const asked = await machineBelow(machine, root);
  return { result: await foretell(asked, request, resolution, warnings), warnings };
}

/** Free of links, and without a slash at its end. */
async function rootFolder(
  { files }: FactSources,
  { root = '/' }: Pick<ExplainRequest, 'root'>,
): Promise<string> {
  const real = root === '/' ? '/' : await files.realPath(root);
  return real === null || real === '/' ? '' : real;
}

/** The same machine, with what lasts in another root. */
async function machineBelow(machine: FactSources, root: string): Promise<FactSources> {
  const real = await rootFolder(machine, { root });
  if (real === '') return machine;
  const paths = { ...machine.paths, etc: `${real}/etc`, varLib: `${real}/var/lib` };
  return { ...machine, paths, files: filesBelow(machine.files, real) };
}

async function foretell(
  machine: FactSources,
  request: ExplainRequest,
  { watchlist: resolved, block, needsUnlisted }: Pick<Resolution, 'watchlist' | 'block' | 'needsUnlisted'>,
  warnings: string[],
): Promise<NextBootFindings> {
  if (!resolved.ok) return { kind: 'unresolved', at: resolved.at, why: resolved.why };
  if (block === null) return { kind: 'unresolved', at: '/', why: 'its block devices are not known' };
  const watchlist = await listOfNextBoot(machine, resolved.value);
  // Another system's kernel command line is not that of this boot.
  const cmdline = (request.root ?? '/') === '/' ? await readKernelCmdline(machine) : [];
  const options = bootOptions(cmdline, watchlist.settings);
  for (const warning of options.warnings) warnings.push(escapeForConsole(warning, 200));
  if (options.off !== null) return { kind: 'off', why: options.off };

  const snapshot = await new DeviceObserver(machine.files, machine.paths).rescanAll();
  const resyncing = await readResyncing(machine, snapshot.arrays);
  const { graph, roots, arrayUuids } = block;
  const unread = unreadArrays(watchlist, snapshot);
  if (unread.length > 0) return { kind: 'unread', arrays: unread };
  const root = await rootFolder(machine, request);
  const whole = await readWholeBoot(
    machine,
    { watchlist, current: resolved.value, block, snapshot, resyncing, asked: askedOf(options) },
    root,
  );
  const assemblesUnlisted = whole.generator.narrowed === null;
  const boot = nextBoot({ watchlist, snapshot, graph, roots, arrayUuids, resyncing, assemblesUnlisted });
  const needed = [...new Set([...disksOf(boot), ...whole.disks])].sort(byName);
  const without = await Promise.all(request.without.map((text) => kernelNameOf(machine, text, block)));
  const taken = takeAway(without, block);
  if (!taken.ok) return { kind: 'unknown-disk', disk: taken.at, why: taken.why, needed };
  const { facts } = block;
  const opened = mappingsBelow(watchlist.tree);
  const crypttab = facts.crypttab.filter((entry) => opened.has(entry.target));
  const ends = whole.generator.earlyEnds({ cmdline, crypttab, crypttabAt: facts.crypttabAt, dropIns: [] });
  warnings.push(...warningsOfEarlyEnds(ends, watchlist, options.waitMs));
  const conditions = { options, ...whole.generator.rootWait(cmdline) };
  const simulate = bootSimulation(boot, conditions);
  const cases = request.each ? [taken.value, ...casesOfEach(needed, taken.value, block)] : [taken.value];
  const explanation: Explanation = {
    forecasts: cases.map((disks) => {
      const forecast = simulate(disks);
      return { ...forecast, findings: whole.without(disks, forecast.outcome === 'up') };
    }),
    disks: knownDisks(cases.flat(), needed, block),
    absent: block.absent,
    failurePath: whole.generator.failurePath(cmdline),
    ...(needsUnlisted ? { needsUnlisted: true } : {}),
  };
  return { kind: 'explained', explanation };
}

const askedOf = ({ waitMs, degraded }: BootOptions): Partial<ArrayPolicy> => ({
  ...(waitMs === null ? {} : { waitMs }),
  ...(degraded === null ? {} : { degraded }),
});

/** Arrays nothing could be foretold of: they run, and none of their members could be read. */
function unreadArrays(watchlist: Watchlist, { members }: Snapshot): readonly WatchedArray[] {
  const read = new Set(members.map(({ superblock }) => superblock.arrayUuid));
  return watchlist.arrays.filter((array) => !isExternal(array) && !read.has(array.uuid));
}

async function readResyncing(
  { files, paths }: FactSources,
  arrays: readonly PresentArray[],
): Promise<ReadonlySet<string>> {
  const running = arrays.filter(isRunning);
  const found = await mapInBatches(running, WIDTH, ({ device }) => isResyncing(files, paths, device));
  return new Set(running.flatMap(({ device }, index) => (found[index] === true ? [device] : [])));
}

/** Every disk that the next boot has to do with, by name. */
function disksOf({ members, volumes, mounts }: NextBoot): readonly string[] {
  const needs = [...members, ...volumes, ...mounts].map(({ need }) => need);
  return needs.flatMap(({ disks }) => [...disks]);
}

const byName = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : 1);

/** A path by the kernel name of the device that it leads to; whatever else was typed stays as it is. */
async function kernelNameOf({ files, paths }: FactSources, text: string, { graph }: ResolvedBlock) {
  if (!text.startsWith('/dev/')) return text;
  const number = await files.deviceNumber(`${paths.dev}${text.slice('/dev'.length)}`);
  return (number === null ? null : deviceAt(text, number, graph, deviceNumbers(graph))) ?? text;
}

/** The disks meant. */
function takeAway(wanted: readonly string[], { graph, byIdNames }: ResolvedBlock): Result<readonly string[]> {
  const taken = new Set<string>();
  for (const text of wanted) {
    const found = findDisk(text, graph, byIdNames);
    if (!found.ok) return found;
    for (const disk of found.value) taken.add(disk);
  }
  return ok([...taken].sort(byName));
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
