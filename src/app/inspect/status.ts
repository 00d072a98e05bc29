import { DEFAULT_POLICIES } from '../../core/configuration/array-policies.ts';
import {
  idleArrays,
  isOfAnotherMachine,
  type OtherArrays,
  shortName,
} from '../../core/engine/other-arrays.ts';
import { imageWatchlist } from '../../core/image/image-watchlist.ts';
import {
  type ArrayStatus,
  downStatus,
  type HeldMember,
  type KnownOfArray,
  type RunningFacts,
  runningStatus,
} from '../../core/inspect/array-status.ts';
import { listChanges } from '../../core/inspect/list-changes.ts';
import {
  type ImageStatus,
  type LastBoot,
  type LedgerStatus,
  type MachineStatus,
  startedDegradedIn,
} from '../../core/inspect/machine-status.ts';
import { type KeptLedger, MAX_LEDGER_BYTES, parseLedgerFile } from '../../core/ledger/ledger-file.ts';
import type { LedgerFindings } from '../../core/ledger/ledger-findings.ts';
import { ledgerOf } from '../../core/ledger/places.ts';
import { levelName } from '../../core/md/levels.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import { parseMdUuid } from '../../core/md/md-uuid.ts';
import { ok } from '../../core/result/result.ts';
import { isRunning, type Snapshot } from '../../core/snapshot/snapshot.ts';
import { missingRoles } from '../../core/verdict/describe-missing.ts';
import { judgeArray } from '../../core/verdict/judge-array.ts';
import { presenceOf } from '../../core/verdict/presence.ts';
import type { WatchedArray, WatchedMember, Watchlist } from '../../core/watchlist/watchlist.ts';
import { readOtherArrayFacts } from '../after-boot/other-array-facts.ts';
import { policiesOfImage } from '../configuration/write-gate-policies.ts';
import { hasRecord } from '../ledger/efi-variable.ts';
import { ledger } from '../ledger/ledger.ts';
import type { Machine } from '../machine.ts';
import { keptWatchlistPath, ledgerFilePath, ledgerPlaces, runPath } from '../own-places.ts';
import { readUsers } from '../read/array-users.ts';
import { readBootReport } from '../read/boot-report.ts';
import { DeviceObserver, observerOf } from '../read/device-observer.ts';
import { readInstalledGenerator } from '../read/installed-generator.ts';
import { readRunningFacts } from '../read/running-facts.ts';
import { readUdevRecord } from '../read/udev-record.ts';
import { dateMs } from '../read/wall-clock.ts';
import { deniedOf } from '../read/why-unread.ts';
import { loadWatchlist } from '../watchlist/load-watchlist.ts';
import { type Resolution, resolve } from '../watchlist/resolve.ts';

/** The list as an image made now would get it: dear, and the same while one looks on. */
export type ListNow = Pick<Resolution, 'watchlist' | 'block'>;

export async function readListNow(machine: Machine): Promise<Resolution> {
  const resolution = await resolve(machine, { root: '/', fstab: null, resume: null, guessResume: true });
  const { watchlist } = resolution;
  if (!watchlist.ok) return resolution;
  const generator = await readInstalledGenerator(machine.files);
  const list = imageWatchlist(watchlist.value, generator, await policiesOfImage(machine));
  return { ...resolution, watchlist: ok(list) };
}

/** `reliable-raid status`: how everything stands. Changes nothing; what only root may read is left out, and named. */
export async function readStatus(machine: Machine, listNow: ListNow): Promise<MachineStatus> {
  const { files, paths } = machine;
  const places = ledgerPlaces(paths);
  const nowMs = await dateMs(machine);
  const kept = await loadWatchlist(files, keptWatchlistPath(places));
  const inImage = kept.ok ? kept.value : null;
  const now = listNow.watchlist.ok ? listNow.watchlist.value : null;
  const recorded = await ledger(machine, { dryRun: true }, async () => now);
  const list = now ?? inImage;
  const observer = list === null ? new DeviceObserver(files, paths) : observerOf(list, machine);
  const snapshot = await observer.rescanAll();
  const unreadable = (await deniedOf(machine, observer.unreadMembers)).map(({ device }) => device);
  const image = imageStatus(listNow, inImage, kept.ok ? '' : kept.why, await hasRecord(machine));
  const lastBoot = await readLastBoot(machine, image.kind !== 'not-needed');
  const others = await readOtherArrayFacts(machine, DEFAULT_POLICIES, null);
  const facts = { machine, snapshot, now, inImage, unreadable, lastBoot, others };
  return {
    nowMs,
    arrays: await readArrays({
      ...facts,
      kept: await readKeptLedger(machine),
      absent: listNow.block?.absent ?? new Map(),
    }),
    lastBoot,
    image,
    rebuild: (await readInstalledGenerator(files)).rebuild,
    ledger: ledgerStatus(recorded, unreadable),
    unreadable,
  };
}

interface Facts {
  readonly machine: Machine;
  readonly snapshot: Snapshot;
  readonly now: Watchlist | null;
  readonly inImage: Watchlist | null;
  readonly unreadable: readonly string[];
  readonly lastBoot: LastBoot;
  readonly others: OtherArrays;
  readonly kept: KeptLedger;
  readonly absent: NonNullable<Resolution['block']>['absent'];
}

async function readArrays(facts: Facts): Promise<readonly ArrayStatus[]> {
  const { machine, snapshot, now, inImage } = facts;
  const found: ArrayStatus[] = [];
  const held = await readHeld(machine, snapshot);
  const running: RunningFacts[] = [];
  for (const array of snapshot.arrays) {
    const one = await readRunningFacts(machine, array);
    if (one !== null) running.push(one);
  }
  const users = await readUsers(
    machine,
    running.map(({ device }) => device),
  );
  for (const one of running) {
    const known = knownOf(one.uuid, one.device, users.get(one.device) ?? [], held, facts);
    found.push(runningStatus(one, known));
  }
  const done = new Set(running.flatMap(({ uuid }) => uuid ?? []));
  const idle = idleArrays(snapshot, facts.others);
  const listed = [...(now?.arrays ?? []), ...(inImage?.arrays ?? [])];
  const byUuid = new Map([...idle, ...listed].reverse().map((one) => [one.uuid, one] as const));
  for (const uuid of new Set([...byUuid.keys(), ...held.keys()])) {
    if (done.has(uuid)) continue;
    found.push(downOf(uuid, byUuid.get(uuid) ?? null, knownOf(uuid, null, [], held, facts), facts));
  }
  return found;
}

function downOf(
  uuid: MdUuid,
  watched: WatchedArray | null,
  known: KnownOfArray,
  { snapshot, unreadable }: Facts,
): ArrayStatus {
  const device = snapshot.arrays.find((array) => array.uuid === uuid && !isRunning(array))?.device ?? null;
  if (watched === null)
    return downStatus({ uuid, device, level: null, slotCount: 0, filledCount: 0, verdict: null }, known, []);
  const verdict = judgeArray(watched, snapshot);
  const { level, slotCount, filledCount } = presenceOf(watched, snapshot, verdict);
  // What may not be read is not absent.
  const isKnown =
    unreadable.length === 0 || snapshot.members.some((one) => one.superblock.arrayUuid === uuid);
  return downStatus(
    {
      ...{ uuid, device, level: levelName(level), slotCount },
      ...{ filledCount: isKnown ? filledCount : 0, verdict: isKnown ? verdict : null },
    },
    known,
    isKnown ? missingRoles(watched, verdict) : [],
  );
}

function knownOf(
  uuid: MdUuid | null,
  device: string | null,
  users: readonly string[],
  held: ReadonlyMap<MdUuid, readonly HeldMember[]>,
  { snapshot, now, inImage, lastBoot, others, kept, absent }: Facts,
): KnownOfArray {
  const lists = [now, inImage].flatMap((list) => list?.arrays.filter((one) => one.uuid === uuid) ?? []);
  const present = snapshot.members.filter(({ superblock }) => superblock.arrayUuid === uuid);
  const own = present[0]?.superblock.name ?? '';
  const bySuperblock = shortName(own);
  const name = lists[0]?.name ?? (bySuperblock === '' ? (device ?? '') : bySuperblock);
  return {
    name,
    neededBy: users.length > 0 ? users : (lists[0]?.neededBy ?? []),
    members: [...lists.flatMap(({ members }) => members), ...membersSeen(kept, uuid)],
    present,
    lastSeen: lastSeenIn(kept),
    calledBefore: new Map(
      (uuid === null ? [] : (absent.get(uuid) ?? [])).flatMap(({ role, disk }) =>
        disk === null ? [] : [[role, disk] as const],
      ),
    ),
    held: uuid === null ? [] : (held.get(uuid) ?? []),
    startedDegraded:
      uuid !== null && lastBoot.kind === 'reported' && startedDegradedIn(lastBoot.report).has(uuid),
    isOurs:
      device !== null ||
      lists.length > 0 ||
      (uuid !== null && !isOfAnotherMachine(uuid, own, present, others)),
  };
}

/** Held members by the array that they say they belong to: by their superblock, else by udev's record, which anybody may read. */
async function readHeld(
  machine: Machine,
  { members }: Snapshot,
): Promise<ReadonlyMap<MdUuid, readonly HeldMember[]>> {
  const { files, paths } = machine;
  const folder = runPath(paths, 'held');
  const found = new Map<MdUuid, readonly HeldMember[]>();
  for (const device of await files.list(folder)) {
    const member = members.find((one) => one.device === device);
    // Bound by a person since.
    if (member !== undefined && member.boundTo !== null) continue;
    const byUdev = parseMdUuid((await readUdevRecord(files, paths, device))?.get('ID_FS_UUID') ?? '');
    const uuid = member?.superblock.arrayUuid ?? (byUdev.ok ? byUdev.value : null);
    if (uuid === null) continue;
    const why = (await files.readText(`${folder}/${device}`))?.trim() ?? '';
    found.set(uuid, [...(found.get(uuid) ?? []), { device, why }]);
  }
  return found;
}

/** Why the image behaves as without us where somebody wants it so (`fall_back` in scripts/boot-steps). */
const SWITCHED_OFF = /^(?:switched off on the kernel command line|rd\.md=0)$/;

async function readLastBoot(machine: Machine, needsEngine: boolean): Promise<LastBoot> {
  const { files, paths } = machine;
  const gaveWay = (await files.readText(runPath(paths, 'fallback')))?.trim() ?? '';
  if (needsEngine && gaveWay !== '' && !SWITCHED_OFF.test(gaveWay)) return { kind: 'gave-way', why: gaveWay };
  const read = await readBootReport(machine, 'boot.json');
  if (!read.ok) return { kind: 'unknown', why: `${read.at}: ${read.why}` };
  return read.value === null ? { kind: 'nothing-to-do' } : { kind: 'reported', report: read.value };
}

/** What this machine has seen of every array that ever ran on it. */
async function readKeptLedger({ files, paths }: Machine): Promise<KeptLedger> {
  const path = ledgerFilePath(ledgerPlaces(paths));
  const text = await files.readText(path, MAX_LEDGER_BYTES);
  const parsed = text === null ? null : parseLedgerFile(text, path);
  return parsed?.ok ? parsed.value : { entries: [] };
}

/** By device UUID, milliseconds since 1970. */
const lastSeenIn = ({ entries }: KeptLedger): ReadonlyMap<string, number> =>
  new Map(entries.flatMap(({ seen }) => seen.map(({ deviceUuid, lastSeenMs }) => [deviceUuid, lastSeenMs])));

/** Members that held a slot, as no list may know them: the latest first. */
const membersSeen = ({ entries }: KeptLedger, uuid: MdUuid | null): readonly WatchedMember[] =>
  entries
    .filter(({ arrayUuid }) => arrayUuid === uuid)
    .flatMap(({ seen }) => seen)
    .flatMap(({ deviceUuid, role, disk, events }) =>
      role === null || disk === null
        ? []
        : [{ deviceUuid, role, disk, ledger: { events, updateTimeMs: 0, inSync: false } }],
    );

function imageStatus(
  { watchlist }: ListNow,
  inImage: Watchlist | null,
  why: string,
  isRecorded: boolean,
): ImageStatus {
  if (!watchlist.ok) return { kind: 'unknown', why: `${watchlist.at}: ${watchlist.why}` };
  if (inImage !== null)
    return { kind: 'compared', changes: listChanges(inImage, watchlist.value, isRecorded) };
  if (watchlist.value.arrays.length === 0) return { kind: 'not-needed' };
  return why.startsWith('not found') ? { kind: 'never-made' } : { kind: 'unknown', why };
}

/** Where members cannot be read, nobody knows who is in sync. */
function ledgerStatus(
  { known, recorded, running }: LedgerFindings,
  unreadable: readonly string[],
): LedgerStatus {
  const dates = known.flatMap(
    (place) => ledgerOf(place)?.entries.map(({ recordedAtMs }) => recordedAtMs) ?? [],
  );
  const denied = known.find(({ state }) => state.kind === 'denied');
  if (unreadable.length > 0 && running.length === 0) return { kind: 'unknown', why: 'root only may tell' };
  if (dates.length === 0)
    return denied === undefined ? { kind: 'empty' } : { kind: 'unknown', why: 'it may be read by root only' };
  // The file holds dates of its own and is renewed each time; the places that the boot reads are not.
  const isCurrent = recorded.every(({ name, done }) => done !== 'written' || name.endsWith('ledger.json'));
  return { kind: 'recorded', atMs: Math.max(...dates), isCurrent };
}
