import { bootOptions } from '../../core/configuration/boot-options.ts';
import { isBegun, otherArrays } from '../../core/engine/other-arrays.ts';
import { type EngineOptions, initialState } from '../../core/engine/state.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { renderArraysPlan } from '../../core/render/commands/arrays-plan.ts';
import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { DEFAULT_SETTINGS, WATCHLIST_SCHEMA } from '../../core/watchlist/watchlist.ts';
import { discoveryMark } from '../boot/boot.ts';
import { EngineLoop } from '../boot/engine-loop.ts';
import { BootReport } from '../boot/report-writer.ts';
import { isDirtyStartAllowed } from '../boot/run-command.ts';
import type { Machine } from '../machine.ts';
import { isImage, markNews, runPath } from '../own-places.ts';
import { DeviceObserver } from '../read/device-observer.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';
import { bootHold } from './boot-hold.ts';
import { releaseHeld } from './held-members.ts';
import { rejoinLeftOut } from './left-out-members.ts';
import { readOtherArrayFacts, readPolicies } from './other-array-facts.ts';

const EXIT_DECIDED = 0;
const EXIT_BROKEN = 1;

/** udev's queue is waited for this long before the first look: half of what is plugged is no degraded array. */
const SETTLE_MS = 30_000;

/**
 * `reliable-raid arrays`, after the boot image: every array that udev could only assemble in part is waited for and started by the
 * same rules as root's, until nothing is left to decide; `dryRun` only says what would be done. Exit status 1 leaves them to mdadm's last resort.
 */
export async function decideArrays(
  machine: Machine,
  say: (line: string) => void,
  { dryRun }: { readonly dryRun: boolean } = { dryRun: false },
): Promise<number> {
  if (await isImage(machine)) {
    say('reliable-raid: in the boot image, "boot" decides');
    return EXIT_BROKEN;
  }
  if (!dryRun) await forgetMarks(machine);
  const options = bootOptions(await readKernelCmdline(machine), DEFAULT_SETTINGS);
  if (options.off !== null) {
    say(`reliable-raid: off: ${escapeForConsole(options.off, 80)}`);
    return EXIT_DECIDED;
  }
  await machine.deviceEvents.settle(SETTLE_MS);
  if (!dryRun && (await releaseHeld(machine)).length > 0) await machine.deviceEvents.settle(SETTLE_MS);
  const startedAtMs = machine.clock.nowMs();
  const observer = new DeviceObserver(machine.files, machine.paths);
  const first = await observer.rescanAll();
  if (!dryRun && begunArrays(first).length === 0) {
    await rejoinLeftOut(machine, first);
    return EXIT_DECIDED;
  }

  const policies = await readPolicies(machine);
  if (!policies.ok) {
    say(
      `reliable-raid: ${escapeForConsole(policies.at, 80)}: ${escapeForConsole(policies.why, 200)}; arrays are left to mdadm's last resort`,
    );
    return EXIT_BROKEN;
  }
  const others = await readOtherArrayFacts(machine, policies.value, options.degraded);
  const stale = options.stale === 'start' ? 'start' : policies.value.stale;
  const startDirty = options.startDirty || (await isDirtyStartAllowed(machine));
  if (dryRun) {
    say(renderArraysPlan(otherArrays(first, others), first, { stale, startDirty }));
    return EXIT_DECIDED;
  }
  const path = runPath(machine.paths, 'arrays.json');
  // Only what was missing while this machine booted has been waited for already.
  const isFirst = !(await machine.files.exists(path));
  const discoveryAtMs = isFirst ? await discoveryMark(machine, startedAtMs) : startedAtMs;
  if (!isFirst) await machine.files.remove(path);
  const arrays = otherArrays(first, others).map(({ uuid, name }) => ({ uuid, name }));
  const report = await BootReport.open(machine.files, path, discoveryAtMs, arrays);
  const engineOptions: EngineOptions = {
    ...{ discoveryAtMs, startedAtMs, generatorLimitAtMs: startedAtMs, scope: 'all', lastChanceMs: 0 },
    noticeAfterMs: policies.value.noticeAfterMs,
    maxWaitMs: policies.value.maxWaitMs,
    ...{ waitMs: options.waitMs, degraded: null, stale },
    startDirty,
    ...{
      needsUnlisted: false,
      hidesUnlisted: false,
      shellDenied: { by: 'systemd' },
      alreadyTold: new Set(),
      answers: new Map(),
    },
    others,
  };
  const rest = { hostName: '', settings: DEFAULT_SETTINGS, tree: [], warnings: [] };
  const state = initialState({ ...rest, schema: WATCHLIST_SCHEMA, arrays: [] }, engineOptions);
  const marks = new Set<string>();
  const loop = new EngineLoop(state, machine, observer, report, {
    log: say,
    isBootHeld: bootHold(machine),
    seen: (snapshot) => markDecided(machine, otherArrays(snapshot, others), snapshot, marks),
  });
  await loop.run();
  await releaseHeld(machine);
  await rejoinLeftOut(machine, await observer.rescanAll());
  await markNews(machine);
  return EXIT_DECIDED;
}

const begunArrays = (snapshot: Snapshot): readonly MdUuid[] => [
  ...new Set(
    snapshot.members.map(({ superblock }) => superblock.arrayUuid).filter((uuid) => isBegun(uuid, snapshot)),
  ),
];

/** mdadm's last resort asks for these, by kernel name (drop-in of mdadm-last-resort@.service). */
async function markDecided(
  { files, paths }: Machine,
  arrays: readonly { readonly uuid: MdUuid }[],
  snapshot: Snapshot,
  marks: Set<string>,
): Promise<void> {
  const folder = runPath(paths, 'decided');
  for (const { device, uuid, external } of snapshot.arrays) {
    if (external || marks.has(device) || !arrays.some((array) => array.uuid === uuid)) continue;
    marks.add(device);
    await files
      .makeFolder(folder)
      .then(() => files.writeValue(`${folder}/${device}`, `${uuid}\n`))
      .catch(() => undefined);
  }
}

/** A name of an md device may be another array's by now. */
async function forgetMarks({ files, paths }: Machine): Promise<void> {
  const folder = runPath(paths, 'decided');
  for (const name of await files.list(folder)) await files.remove(`${folder}/${name}`);
}
