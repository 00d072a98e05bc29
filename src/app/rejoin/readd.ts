import type { MdUuid } from '../../core/md/md-uuid.ts';
import { decideReadd, type RunningArray, rebuildCommands } from '../../core/rejoin/readd-decision.ts';
import type { ReaddOutcome } from '../../core/rejoin/readd-outcome.ts';
import { whyNoRebuild } from '../../core/rejoin/rebuild-decision.ts';
import {
  isRunning,
  type PresentArray,
  type PresentMember,
  type Snapshot,
} from '../../core/snapshot/snapshot.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { utcDate } from '../../core/text/utc-date.ts';
import type { Machine } from '../machine.ts';
import { deviceName, deviceNode } from '../read/device-name.ts';
import { DeviceObserver } from '../read/device-observer.ts';
import { readRunningArray } from '../read/running-array.ts';
import { modelAndSerial, readUdevRecord } from '../read/udev-record.ts';
import { deniedOf, whyUnread } from '../read/why-unread.ts';
import { whyItFailed } from '../why-it-failed.ts';
import { withArraysLocked } from './array-lock.ts';
import { allSeen, readRecorded } from './recorded-members.ts';

export interface ReaddRequest {
  /** As typed; none: every unbound member of the running degraded arrays. */
  readonly devices: readonly string[];
  readonly dryRun: boolean;
  /** `readd = "rebuild"`: what is known, older, and cannot be re-added for want of a bitmap, is added anew. */
  readonly rebuild?: boolean;
}

const MDADM_MS = 60_000;
/** Two members that come back at once are given back one after the other. */
const LOCK_MS = 120_000;

/**
 * Gives members that came back to their running arrays again, one after the other, each only as S8 allows, and looks
 * afterwards whether it is one: `mdadm --re-add` alone, never a rebuild of what a person may still want.
 */
export async function readd(
  machine: Machine,
  { devices, dryRun, rebuild = false }: ReaddRequest,
): Promise<readonly ReaddOutcome[]> {
  const observer = new DeviceObserver(machine.files, machine.paths);
  const named = await namedDevices(devices, machine);
  const snapshot = await observer.rescanAll(named);
  const outcomes: ReaddOutcome[] = [];
  const denied = named.length > 0 ? [] : await deniedOf(machine, observer.unreadMembers);
  const all = [...missedMembers(snapshot), ...denied.map(({ device }) => device)];
  for (const device of named.length > 0 ? named : all) {
    outcomes.push(await readdOne(machine, device, { dryRun, rebuild }, snapshot, observer));
  }
  return outcomes;
}

const namedDevices = (devices: readonly string[], { files, paths }: Machine): Promise<readonly string[]> =>
  Promise.all(
    devices.map(async (typed) => (await deviceName(files, paths.dev, typed)) ?? escapeForConsole(typed)),
  );

const missedMembers = (snapshot: Snapshot): readonly string[] =>
  snapshot.members
    .filter((member) => member.boundTo === null && (runningArrayOf(member, snapshot)?.degraded ?? 0) > 0)
    .map(({ device }) => device);

async function readdOne(
  machine: Machine,
  device: string,
  how: Required<Pick<ReaddRequest, 'dryRun' | 'rebuild'>>,
  snapshot: Snapshot,
  observer: DeviceObserver,
): Promise<ReaddOutcome> {
  const nothing = (reason: string, result: 'none' | 'member' = 'none'): ReaddOutcome => ({
    ...{ device, disk: '', array: null, arrayUuid: null, code: null, command: null, advice: [] },
    ...{ reason, result },
  });
  const member = snapshot.members.find((each) => each.device === device);
  if (member === undefined) {
    const unread = await whyUnread(machine, device);
    return nothing(unread?.why ?? 'no usable md superblock was found on it');
  }
  if (member.boundTo !== null)
    return nothing(`it is already bound to ${escapeForConsole(member.boundTo)}`, 'member');
  const { arrayUuid } = member.superblock;
  const array = await readRunningArray(machine.files, machine.paths, arrayUuid);
  if (array === null) return nothing(`its array ${arrayUuid} is not running`);
  if (how.dryRun) return decideAndRun(machine, member, array, how, observer);
  const outcome = await withArraysLocked(machine, [arrayUuid], LOCK_MS, async () => {
    // Another re-add may have gone before.
    const current = await readRunningArray(machine.files, machine.paths, arrayUuid);
    return decideAndRun(machine, member, current ?? array, how, observer);
  });
  return outcome ?? { ...nothing(`another program is at work on ${array.device}`), result: 'failed' };
}

async function decideAndRun(
  machine: Machine,
  member: PresentMember,
  array: RunningArray,
  { dryRun, rebuild }: Required<Pick<ReaddRequest, 'dryRun' | 'rebuild'>>,
  observer: DeviceObserver,
): Promise<ReaddOutcome> {
  const { device, superblock } = member;
  const { arrayUuid } = superblock;
  const known = allSeen(await readRecorded(machine, arrayUuid));
  const decision = decideReadd(member, array, known);
  const disk = modelAndSerial((await readUdevRecord(machine.files, machine.paths, device)) ?? new Map());
  const advice = rebuildCommands(array.device, device);
  const about = { device, disk, array: array.device, arrayUuid, code: null, command: null, advice };
  if (decision.kind === 'refuse') {
    const { code, text } = decision;
    return { ...about, result: 'refused', code, reason: text };
  }
  const { dev } = machine.paths;
  const argv = ['mdadm', `${dev}/${array.device}`, '--re-add', deviceNode(dev, device)] as const;
  const tried = { ...about, command: argv.join(' ') };
  if (dryRun) return { ...tried, result: 'would-re-add', reason: `role ${decision.role}`, advice: [] };

  const run = await machine.runner.run(argv, { timeoutMs: MDADM_MS });
  const after = await observer.rescanAll();
  if (isMember(device, arrayUuid, after))
    return { ...tried, result: 're-added', reason: `role ${decision.role}`, advice: [] };
  if (rebuild && whyNoRebuild(member, array, known) === null) {
    const failed = await addAnew(machine, array.device, device);
    if (failed === null && isMember(device, arrayUuid, await observer.rescanAll())) {
      const reason = `role ${decision.role}: no bitmap says what has changed, and its copy from ${utcDate(superblock.updateTimeMs)} is older than the array`;
      return { ...about, result: 'rebuilding', reason, command: advice.join('; '), advice: [] };
    }
    return {
      ...about,
      result: 'failed',
      reason: failed ?? 'the array does not have it',
      command: advice.join('; '),
    };
  }
  const said =
    run.status === 0 ? 'mdadm reported success, but the array does not have it' : `mdadm ${whyItFailed(run)}`;
  const hint = superblock.hasBitmap
    ? ''
    : '. The array has no bitmap: md does not know what has changed since';
  return { ...tried, result: 'failed', reason: `${said}${hint}` };
}

/** As a person is told to type it. Why it failed, or null. */
async function addAnew({ paths, runner }: Machine, array: string, device: string): Promise<string | null> {
  const node = deviceNode(paths.dev, device);
  for (const argv of [
    ['wipefs', '--all', '--types', 'linux_raid_member', node],
    ['mdadm', `${paths.dev}/${array}`, '--add', node],
  ] as const) {
    const run = await runner.run(argv, { timeoutMs: MDADM_MS });
    if (run.status !== 0) return `${argv[0]} ${whyItFailed(run)}`;
  }
  return null;
}

const isMember = (device: string, uuid: MdUuid, { members, arrays }: Snapshot): boolean =>
  members.some(
    (member) =>
      member.device === device &&
      !member.faulty &&
      arrays.some((array) => array.device === member.boundTo && array.uuid === uuid),
  );

const runningArrayOf = (member: PresentMember, { arrays }: Snapshot): PresentArray | undefined =>
  arrays.find((array) => array.uuid === member.superblock.arrayUuid && isRunning(array) && !array.external);
