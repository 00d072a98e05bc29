import { type MdUuid, parseMdUuid } from '../../core/md/md-uuid.ts';
import type { Superblock } from '../../core/md/superblock.ts';
import type { ExaminedMember } from '../../core/parse/mdadm-examine.ts';
import { parseMdadmMap } from '../../core/parse/mdadm-map.ts';
import { diskByUdev } from '../../core/snapshot/disk-by-udev.ts';
import { type Claim, claimsToDrop } from '../../core/snapshot/one-claim-each.ts';
import type { PresentArray, PresentMember, Snapshot } from '../../core/snapshot/snapshot.ts';
import { isExternal, type WatchedMember, type Watchlist } from '../../core/watchlist/watchlist.ts';
import type { Files } from '../../ports/files.ts';
import type { Runner } from '../../ports/runner.ts';
import { type Machine, type MachinePaths, REAL_PATHS } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { areThere } from './awaited-sources.ts';
import { deviceName, deviceNode } from './device-name.ts';
import { examineMember } from './examine-member.ts';
import { readDeviceSuperblock } from './superblock.ts';
import { readArray, type SysfsArray } from './sysfs-array.ts';
import {
  isBlankByUdev,
  NEVER_MEMBER,
  readUdevRecord,
  type UdevRecord,
  versionByUdev,
} from './udev-record.ts';

export type ObservedPaths = Pick<MachinePaths, 'sys' | 'dev' | 'run'>;

interface SeenMember {
  readonly superblock: Superblock;
  readonly disk: string | null;
  readonly isLocal: boolean;
  readonly isHeld: boolean;
}

const WIDTH = 32;
const MAX_EXAMINED_AT_ONCE = 4;
/** What blkid calls members of containers. */
const EXTERNAL_TYPES: ReadonlySet<string> = new Set(['isw_raid_member', 'ddf_raid_member']);
const EMPTY_RECORD: UdevRecord = new Map();

/**
 * Looks at the machine's md members and arrays. `rescan` reads again the named devices, the arrays that hold or held them, and
 * arrays not seen before; everything else is remembered, since what happens to it has events of its own.
 */
export class DeviceObserver {
  private readonly files: Files;
  private readonly paths: ObservedPaths;
  private readonly runner: Runner | null;
  private readonly superblocks = new Map<string, SeenMember>();
  private readonly arrays = new Map<string, SysfsArray>();
  private readonly external = new Map<string, ExaminedMember | null>();
  private readonly unread = new Set<string>();
  /** All block devices of the last look. */
  private lastNames: ReadonlySet<string> = new Set();
  private readonly awaited: readonly string[];
  private tail: Promise<unknown> = Promise.resolve();
  private readonly listed: readonly WatchedMember[];

  /**
   * With a runner, mdadm is asked about what udev calls IMSM or DDF members: only where the watchlist has such arrays.
   * `listed`: members that are looked for by the names of their disks where no superblock is theirs.
   * `awaited`: sources that the boot waits for, looked for each time.
   */
  constructor(
    files: Files,
    paths: ObservedPaths = REAL_PATHS,
    runner: Runner | null = null,
    listed: readonly WatchedMember[] = [],
    awaited: readonly string[] = [],
  ) {
    this.awaited = awaited;
    this.files = files;
    this.paths = paths;
    this.runner = runner;
    this.listed = listed;
  }

  /**
   * Reads everything anew. `named` are read also where udev knows of no content: it keeps no watch on a device while it looks at
   * it, so that a superblock written just then, as of a new array, is missing in its record until the next event.
   */
  rescanAll(named: readonly string[] = []): Promise<Snapshot> {
    return this.inTurn(async () => {
      const names = await this.files.list(this.sysBlock);
      this.superblocks.clear();
      this.arrays.clear();
      this.external.clear();
      this.unread.clear();
      return this.look(names, names, named);
    });
  }

  /** Reads these devices (kernel names) anew. */
  rescan(devices: readonly string[]): Promise<Snapshot> {
    return this.inTurn(async () => this.lookAt(devices, await this.files.list(this.sysBlock)));
  }

  /**
   * Reads anew what a command on these devices can have changed: them, the members of those that are arrays, what stands on them, and
   * what was not there at the last look. On a machine with hundreds of arrays a look at all after each start would be most of the work.
   */
  rescanAround(devices: readonly string[]): Promise<Snapshot> {
    return this.inTurn(async () => {
      const names = await this.files.list(this.sysBlock);
      const around = new Set(names.filter((name) => !this.lastNames.has(name)));
      for (const device of devices)
        for (const member of this.arrays.get(device)?.bound.keys() ?? []) around.add(member);
      for (const device of await this.above(devices)) around.add(device);
      return this.lookAt([...around], names);
    });
  }

  /** These devices and all that stands on them, by the kernel's links. */
  private async above(devices: readonly string[]): Promise<ReadonlySet<string>> {
    const found = new Set(devices);
    // What is added meanwhile is gone through as well.
    for (const device of found)
      for (const holder of await this.files.list(`${this.sysBlock}/${device}/holders`)) found.add(holder);
    return found;
  }

  private async lookAt(devices: readonly string[], names: readonly string[]): Promise<Snapshot> {
    const present = new Set(names);
    for (const known of [this.superblocks, this.arrays, this.external]) {
      for (const name of known.keys()) if (!present.has(name)) known.delete(name);
    }
    for (const { device, bound, deadMembers } of [...this.arrays.values()]) {
      if (devices.some((name) => name === device || bound.has(name) || deadMembers.includes(name)))
        this.arrays.delete(device);
    }
    const named = [...new Set(devices)].filter((name) => present.has(name));
    for (const name of named) {
      this.superblocks.delete(name);
      this.external.delete(name);
      for (const holder of await this.files.list(`${this.sysBlock}/${name}/holders`))
        this.arrays.delete(holder);
    }
    return this.look(names, named);
  }

  /** Members by udev or by what holds them, of which no superblock could be read. Disks of containers are mdadm's to read. */
  get unreadMembers(): readonly string[] {
    return [...this.unread].sort();
  }

  private get sysBlock(): string {
    return `${this.paths.sys}/class/block`;
  }

  /** Looks overlap when a command ends while an event is handled; their memory is one. */
  private inTurn<T>(look: () => Promise<T>): Promise<T> {
    const turn = this.tail.then(look);
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  private async look(
    names: readonly string[],
    devices: readonly string[],
    named: readonly string[] = [],
  ): Promise<Snapshot> {
    this.lastNames = new Set(names);
    const unknown = names.filter((name) => name.startsWith('md') && !this.arrays.has(name));
    await mapInBatches(unknown, WIDTH, async (name) => {
      const array = await readArray(this.files, this.paths, name);
      if (array !== null) this.arrays.set(name, array);
    });
    const arrays = names.flatMap((name) => this.arrays.get(name) ?? []);
    const boundTo = new Map<string, { array: string; faulty: boolean }>();
    for (const { device, bound } of arrays) {
      for (const [name, { faulty }] of bound) boundTo.set(name, { array: device, faulty });
    }
    const unread = names.filter((name) => boundTo.has(name) && !this.superblocks.has(name));
    const containers = new Set(arrays.filter(({ external }) => external).map(({ device }) => device));
    const hasUdev = (await this.files.list(`${this.paths.run}/udev/data`)).length > 0;
    await mapInBatches([...new Set([...devices, ...unread])], WIDTH, async (name) => {
      if (containers.has(name)) return;
      const seen = await this.readMember(name, hasUdev, boundTo.has(name), named.includes(name));
      if (seen !== null) this.superblocks.set(name, seen);
    });

    await this.examineExternal(devices);

    const claims: Claim[] = [...this.superblocks.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([device, { superblock }]) => ({
        device,
        superblock,
        boundTo: boundTo.get(device)?.array ?? null,
      }));
    const dropped = claimsToDrop(claims, await this.partitionsOf(claims), hasUdev);
    const members: PresentMember[] = claims
      .filter(({ device }) => !dropped.has(device))
      .map((claim) => {
        const { disk = null, isLocal = false, isHeld = false } = this.superblocks.get(claim.device) ?? {};
        const faulty = boundTo.get(claim.device)?.faulty ?? false;
        return {
          ...{ ...claim, faulty },
          ...(disk === null ? {} : { disk }),
          ...(isLocal ? { isLocal } : {}),
          ...(isHeld ? { isHeld } : {}),
        };
      });
    const assembled = arrays.some(({ deadMembers }) => deadMembers.length > 0)
      ? parseMdadmMap((await this.files.readText(`${this.paths.run}/mdadm/map`)) ?? '')
      : new Map<string, MdUuid>();
    const external = [...this.external.entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([device, examined]) => ({ device, examined }));
    const byName = await this.findByName(members, new Set(names));
    const identified = await mapInBatches(arrays, WIDTH, (array) => this.identify(array, assembled));
    const awaitedIsThere = await areThere({ files: this.files, paths: this.paths }, this.awaited, identified);
    return {
      members,
      ...(byName.size === 0 ? {} : { byName }),
      ...(awaitedIsThere === null ? {} : { awaitedIsThere }),
      ...(this.runner === null ? {} : { external }),
      arrays: identified,
    };
  }

  /** Disks of listed members that are there although no superblock is that member's. */
  private async findByName(
    members: readonly PresentMember[],
    devices: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const present = new Set(members.map(({ superblock }) => superblock.deviceUuid));
    const missing = this.listed.filter(({ deviceUuid }) => !present.has(deviceUuid));
    if (missing.length === 0) return found;
    const folder = `${this.paths.dev}/disk/by-id`;
    const links = new Set(await this.files.list(folder));
    for (const { disk } of missing) {
      if (disk.byId === null || !links.has(disk.byId)) continue;
      const device = await deviceName(this.files, this.paths.dev, `${folder}/${disk.byId}`);
      if (device !== null && devices.has(device)) found.set(disk.byId, device);
    }
    return found;
  }

  private async examineExternal(devices: readonly string[]): Promise<void> {
    const { runner } = this;
    if (runner === null) return;
    // Few at once: each is two processes.
    await mapInBatches(devices, MAX_EXAMINED_AT_ONCE, async (name) => {
      const type = (await this.udevRecord(name)).get('ID_FS_TYPE') ?? '';
      if (!EXTERNAL_TYPES.has(type)) return;
      this.external.set(name, await examineMember(runner, deviceNode(this.paths.dev, name)));
    });
  }

  /** Of the disks among them, by their folders in sysfs; only where another name begins with theirs can there be any. */
  private async partitionsOf(claims: readonly Claim[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>();
    // Sorted, so that a disk comes right before what begins with its name.
    for (const [index, { device }] of claims.entries()) {
      if (claims[index + 1]?.device.startsWith(device) !== true) continue;
      found.set(device, await this.files.list(`${this.sysBlock}/${device}`));
    }
    return found;
  }

  private async readMember(
    name: string,
    hasUdev: boolean,
    isBound: boolean,
    isNamed: boolean,
  ): Promise<SeenMember | null> {
    const record = await this.udevRecord(name);
    const version = hasUdev ? versionByUdev(record) : null;
    this.unread.delete(name);
    if (EXTERNAL_TYPES.has(record.get('ID_FS_TYPE') ?? '')) this.unread.add(name);
    if (!isBound) {
      if (hasUdev && version === null && !(isNamed && isBlankByUdev(record))) return null;
      if (!hasUdev && (await this.cannotBeMember(name))) return null;
      const holders = await this.files.list(`${this.sysBlock}/${name}/holders`);
      // A path of a multipath device, or something else that device-mapper has taken: md cannot have it.
      if (holders.some((holder) => holder.startsWith('dm-'))) return null;
    }
    const superblock = await readDeviceSuperblock(this.files, this.paths, name, version);
    if (superblock === null && (isBound || (version !== null && !NEVER_MEMBER.test(name))))
      this.unread.add(name);
    const isLocal = record.get('MD_FOREIGN') === 'no';
    const isHeld = record.get('RELIABLE_RAID_GATE') === 'hold';
    return superblock === null ? null : { superblock, disk: diskByUdev(record), isLocal, isHeld };
  }

  private async udevRecord(name: string): Promise<UdevRecord> {
    return (await readUdevRecord(this.files, this.paths, name)) ?? EMPTY_RECORD;
  }

  /** Without udev every other device is asked. */
  private async cannotBeMember(name: string): Promise<boolean> {
    if (NEVER_MEMBER.test(name)) return true;
    if (!/^loop\d+$/.test(name)) return false;
    return !(await this.files.exists(`${this.sysBlock}/${name}/loop/backing_file`));
  }

  private async identify(array: SysfsArray, assembled: ReadonlyMap<string, MdUuid>): Promise<PresentArray> {
    const { device, state, external, degraded, deadMembers } = array;
    const uuid = (await this.uuidOf(array)) ?? assembled.get(device) ?? null;
    return { device, state, external, degraded, uuid, deadMembers };
  }

  private async uuidOf(array: SysfsArray): Promise<MdUuid | null> {
    if (array.uuid !== null) return array.uuid;
    for (const name of array.bound.keys()) {
      const seen = this.superblocks.get(name);
      if (seen !== undefined) return seen.superblock.arrayUuid;
    }
    // Volumes of containers, and arrays whose members cannot be read: udev has asked mdadm.
    const byUdev = parseMdUuid((await this.udevRecord(array.device)).get('MD_UUID') ?? '');
    return byUdev.ok ? byUdev.value : null;
  }
}

/** Asks mdadm about disks of containers only where a listed array is in one: others pay nothing for it. */
export const observerOf = (
  { arrays }: Watchlist,
  { files, paths, runner }: Pick<Machine, 'files' | 'runner'> & { readonly paths: ObservedPaths },
  awaited: readonly string[] = [],
): DeviceObserver =>
  new DeviceObserver(
    files,
    paths,
    arrays.some(isExternal) ? runner : null,
    // Disks of a container have no device UUID each.
    arrays.filter((array) => !isExternal(array)).flatMap(({ members }) => members),
    awaited,
  );
