import { policyOfArray } from '../../core/configuration/array-policies.ts';
import { type BootOptions, bootOptions } from '../../core/configuration/boot-options.ts';
import { parseGatePolicies } from '../../core/configuration/gate-policies.ts';
import { type MdUuid, parseMdUuid } from '../../core/md/md-uuid.ts';
import {
  type GateAnswer,
  type GateFacts,
  judgeGate,
  needsPolicy,
  needsSiblings,
} from '../../core/rejoin/gate.ts';
import type { MemberDevice } from '../../core/rejoin/readd-decision.ts';
import { DEFAULT_SETTINGS, type DegradedPolicy } from '../../core/watchlist/watchlist.ts';
import type { Files } from '../../ports/files.ts';
import type { Machine, MachinePaths } from '../machine.ts';
import { etcPath, ledgerFilePath, ledgerPlaces, markNews, readArrayList, runPath } from '../own-places.ts';
import { deviceName } from '../read/device-name.ts';
import { readKernelCmdline } from '../read/kernel-cmdline.ts';
import { withMounted } from '../read/mounted-arrays.ts';
import { isOthers } from '../read/others-array.ts';
import { readRunningArray } from '../read/running-array.ts';
import { readSiblings } from '../read/siblings.ts';
import { readDeviceSuperblock } from '../read/superblock.ts';
import { whyUnread } from '../read/why-unread.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { messageOf } from '../why-it-failed.ts';
import { isLocked } from './array-lock.ts';
import { allSeen, readRecorded } from './recorded-members.ts';

export interface GateRequest {
  /** As it was typed: a path, a link below /dev, or a kernel name. */
  readonly device: string;
  /** Metadata version by udev (ID_FS_VERSION), which is looked for first; null: not known. */
  readonly version: string | null;
}

export type GateMachine = Pick<Machine, 'files' | 'paths'>;

/**
 * Whether udev may hand a member to the stock rules now. Reads as little as the answer needs, and leaves a note on
 * a member that it holds. Never rejects: what cannot be judged passes, as without us (S11).
 */
export async function gate(machine: GateMachine, request: GateRequest): Promise<GateAnswer> {
  const device = await deviceName(machine.files, machine.paths.dev, request.device);
  if (device === null) return passes('it is not a device under /dev');
  const answer = await judge(machine, device, request.version).catch((error: unknown) =>
    passes(`it cannot be judged: ${messageOf(error)}`),
  );
  await note(device, answer, machine);
  return answer;
}

async function judge(machine: GateMachine, device: string, version: string | null): Promise<GateAnswer> {
  const { files, paths } = machine;
  const options = bootOptions(await readKernelCmdline(machine), DEFAULT_SETTINGS);
  if (options.off !== null) return passes(options.off);
  const superblock = await readDeviceSuperblock(files, paths, device, version);
  if (superblock === null)
    return passes((await whyUnread(machine, device))?.why ?? 'no md superblock can be read from it');
  const member: MemberDevice = { device, superblock };
  const uuid = superblock.arrayUuid;

  const list = await readArrayList(machine);
  if (list !== null && (await files.exists(runPath(paths, 'fallback'))))
    return passes('this boot fell back to the way the distribution starts arrays');
  const isListed = list !== null && listsArray(list, uuid);
  const place = list === null ? 'system' : 'image';
  const boundTo = await holderOf(files, paths, device);
  const idle = { place, isListed, member, boundTo, running: null, known: null, recorded: null } as const;
  if (boundTo !== null || (place === 'image' && !isListed)) return judgeGate({ ...idle, siblings: [] });

  const running = await readRunningArray(files, paths, uuid);
  const recorded = place === 'system' ? await readRecorded(machine, uuid) : null;
  const known =
    running === null
      ? null
      : place === 'image'
        ? await listedMembers(files, etcPath(paths, 'watchlist.json'), uuid)
        : allSeen(recorded);
  const asked = { ...idle, running, known, recorded };
  const policy = needsPolicy(asked) ? await policyOf(machine, asked, options) : 'start';
  const facts = { ...asked, policy };
  const siblings = needsSiblings(facts) ? await readSiblings(files, paths, uuid, device) : [];
  const answer = judgeGate({ ...facts, siblings });
  // Not waited for: whoever has it has what is held judged again when it is done.
  return answer.gate === 'pass' && (await isLocked(machine, uuid))
    ? { gate: 'hold', why: 'another program is at work on its array' }
    : answer;
}

/**
 * The kernel command line speaks for this machine's arrays; what is foreign has a word of its own. Where there is no ledger to be read (/var
 * may not be mounted yet), nothing is.
 */
async function policyOf(
  machine: GateMachine,
  { member, recorded }: Omit<GateFacts, 'siblings'>,
  { degraded }: Pick<BootOptions, 'degraded'>,
): Promise<DegradedPolicy> {
  const { files, paths } = machine;
  const said = parseGatePolicies((await files.readText(runPath(paths, 'policies'))) ?? '');
  const policies = await withMounted(machine, said);
  const { arrayUuid: uuid, name } = member.superblock;
  const mayBeForeign = recorded?.isForeign ?? (await files.exists(ledgerFilePath(ledgerPlaces(paths))));
  const isForeign = mayBeForeign && (await isOthers(machine, uuid, name));
  const own = policyOfArray(policies, { device: '', uuid, name, devName: null }, isForeign).degraded;
  return isForeign ? own : (degraded ?? own);
}

const passes = (why: string): GateAnswer => ({ gate: 'pass', why });

/** The plain list of the image: a UUID begins each line. */
const listsArray = (list: string, uuid: MdUuid): boolean =>
  list.split('\n').some((line) => {
    const named = parseMdUuid(line.split(' ')[0] ?? '');
    return named.ok && named.value === uuid;
  });

async function holderOf(files: Files, { sys }: MachinePaths, device: string): Promise<string | null> {
  const holders = await files.list(`${sys}/class/block/${device}/holders`);
  return holders.find((name) => name.startsWith('md')) ?? null;
}

async function listedMembers(files: Files, path: string, uuid: MdUuid): Promise<ReadonlySet<string> | null> {
  const loaded = await loadWatchlist(files, path);
  const watched = loaded.ok ? loaded.value.arrays.find((array) => array.uuid === uuid) : undefined;
  return watched === undefined ? null : new Set(watched.members.map(({ deviceUuid }) => deviceUuid));
}

/** `/run/reliable-raid/held/DEVICE` says why a device is held, for as long as it is. */
async function note(device: string, answer: GateAnswer, { files, paths }: GateMachine): Promise<void> {
  const folder = runPath(paths, 'held');
  try {
    const path = `${folder}/${device}`;
    if (answer.gate !== 'hold') return await files.remove(path);
    // Each event of a held device asks again.
    const isNews = !(await files.exists(path));
    await files.makeFolder(folder);
    await files.writeValue(path, `${answer.why}\n`);
    if (isNews) await markNews({ files, paths });
  } catch {
    // Only for show.
  }
}
