import { type ArrayPolicies, policyOfArray } from '../configuration/array-policies.ts';
import { applyLedger } from '../ledger/apply-ledger.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { KNOWN_LEVELS } from '../md/enough.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { Superblock } from '../md/superblock.ts';
import { isRunning, type PresentMember, type Snapshot } from '../snapshot/snapshot.ts';
import { newestSuperblock } from '../verdict/freshness.ts';
import {
  DEFAULT_SETTINGS,
  type DegradedPolicy,
  WATCHLIST_SCHEMA,
  type WatchedArray,
} from '../watchlist/watchlist.ts';

/** What is known, after the boot image, of the arrays that root does not need. */
export interface OtherArrays {
  readonly policies: ArrayPolicies;
  /** The kernel command line's word for all arrays of this machine. */
  readonly degraded: DegradedPolicy | null;
  /** What was last seen of each array's members, the most trusted first. */
  readonly ledgers: readonly Ledger[];
  /** Milliseconds since 1970. */
  readonly dateMs: number;
  /** Names of this machine. */
  readonly hostNames: readonly string[];
  /** Arrays that a record of this machine knows: a ledger, the list of its image, mdadm.conf. */
  readonly recorded: ReadonlySet<MdUuid>;
  /** As the last image lists them, with their disks as a person knows them. */
  readonly listed: ReadonlyMap<MdUuid, WatchedArray>;
}

/**
 * Arrays that udev has assembled in part, or a member of which the gate holds, as their superblocks tell what they are; those last
 * that stand on other arrays. What mdadm has left alone, or a person has stopped, is not assembled. Containers and their
 * volumes are mdadm's and mdmon's, and a level that cannot be judged is left to the distribution.
 */
export const otherArrays = (snapshot: Snapshot, others: OtherArrays): readonly WatchedArray[] =>
  idleArrays(snapshot, others).filter(({ uuid }) => isBegun(uuid, snapshot));

/** Every array with a member in sight that does not run: what a person may start. */
export function idleArrays(snapshot: Snapshot, others: OtherArrays): readonly WatchedArray[] {
  const byArray = new Map<MdUuid, PresentMember[]>();
  for (const member of snapshot.members) {
    const { arrayUuid } = member.superblock;
    byArray.set(arrayUuid, [...(byArray.get(arrayUuid) ?? []), member]);
  }
  const found: { readonly array: WatchedArray; readonly height: number }[] = [];
  for (const [uuid, members] of byArray) {
    const superblock = newestSuperblock(members);
    if (superblock === null || !KNOWN_LEVELS.has(superblock.level)) continue;
    if (snapshot.arrays.some((array) => array.uuid === uuid && (array.external || isRunning(array))))
      continue;
    const height = members.some(({ device }) => /^md\d/.test(device)) ? 1 : 0;
    found.push({ array: arrayOf(uuid, superblock, members, snapshot, others), height });
  }
  const sorted = found.sort((a, b) => a.height - b.height || (a.array.uuid < b.array.uuid ? -1 : 1));
  return withLedger(
    sorted.map(({ array }) => array),
    others,
  );
}

/** Assembled in part, or held by the gate, and not running. */
export function isBegun(uuid: MdUuid, { arrays, members }: Snapshot): boolean {
  const devices = arrays.filter((array) => array.uuid === uuid && !array.external);
  if (devices.some(isRunning)) return false;
  return (
    devices.length > 0 || members.some(({ superblock, isHeld }) => isHeld && superblock.arrayUuid === uuid)
  );
}

function arrayOf(
  uuid: MdUuid,
  { name, level, layout, raidDevices, metadata }: Superblock,
  members: readonly PresentMember[],
  { arrays }: Snapshot,
  others: OtherArrays,
): WatchedArray {
  const device = arrays.find((array) => array.uuid === uuid && !array.external)?.device ?? '';
  const known = others.listed.get(uuid);
  const own = shortName(name);
  const isForeign = isOfAnotherMachine(uuid, name, members, others);
  const policy = policyOfArray(others.policies, { device, uuid, name, devName: null }, isForeign);
  return {
    ...{
      uuid,
      level,
      layout,
      raidDevices,
      metadata,
      devicePath: known?.devicePath ?? nodeOf(uuid, device, name),
    },
    name: own !== '' ? own : (known?.name ?? (device !== '' ? device : uuid)),
    ...{ container: null, layer: 0, neededBy: [], standsOn: [], behindPassphrase: false },
    members: known?.members ?? [],
    waitMs: policy.waitMs,
    degraded: isForeign ? policy.degraded : (others.degraded ?? policy.degraded),
  };
}

/** The part of an array's name that names its host; null where there is none (0.90 has none, and mdadm leaves out a long one). */
export const hostOf = (name: string): string | null => /^([^:]*):/.exec(name)?.[1] ?? null;

/** An array's name without the part that names its host. */
export const shortName = (name: string): string => name.replace(/^[^:]*:/, '');

/** Where an array is, or is assembled: `device` is empty where md has none for it. */
export function nodeOf(uuid: MdUuid, device: string, name: string): string {
  if (device !== '') return `/dev/${device}`;
  const own = shortName(name);
  const isPlain = /^[A-Za-z0-9._-]{1,32}$/.test(own) && !/^\.+$/.test(own);
  return `/dev/md/${isPlain ? own : uuid.replaceAll(':', '')}`;
}

/**
 * By mdadm's own word, else by the host's name in its superblock, of which `any` fits every machine (mdadm, Incremental.c and Assemble.c:
 * match_home(st, "any")); never where any record of this machine knows it. A name without a host part, or none at all (0.90), says nothing.
 */
export function isOfAnotherMachine(
  uuid: MdUuid,
  name: string,
  members: readonly Pick<PresentMember, 'isLocal'>[],
  { hostNames, recorded }: Pick<OtherArrays, 'hostNames' | 'recorded'>,
): boolean {
  if (recorded.has(uuid) || members.some(({ isLocal }) => isLocal)) return false;
  const host = hostOf(name);
  return host === null || (host !== 'any' && !hostNames.includes(host));
}

function withLedger(
  arrays: readonly WatchedArray[],
  { ledgers, dateMs }: OtherArrays,
): readonly WatchedArray[] {
  const rest = { hostName: '', settings: DEFAULT_SETTINGS, tree: [], warnings: [] };
  return applyLedger({ ...rest, schema: WATCHLIST_SCHEMA, arrays }, ledgers, dateMs).arrays;
}
