import type { CommandEffect } from '../engine/effects.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { Superblock } from '../md/superblock.ts';
import type { PresentArray, PresentMember, Snapshot } from '../snapshot/snapshot.ts';
import { canBeRun, isHeldByGate, rolesMissing, startsByItself } from './incremental-assembly.ts';
import type { FutureMember, FutureNeed, NextBoot } from './next-boot.ts';
import type { SimulatedMachine } from './run-engine.ts';

/** How an array came to run, and what it lacks. */
export interface Running {
  readonly by: 'udev' | 'engine';
  readonly degraded: number | null;
  readonly missingRoles: readonly number[];
}

/** Arrays that are not simulated, and how they run: from the beginning on, and once the passphrases were typed. */
export interface KnownRunning {
  readonly atOnce: ReadonlyMap<MdUuid, Running>;
  readonly unlocked: ReadonlyMap<MdUuid, Running>;
}

const NONE_KNOWN: KnownRunning = { atOnce: new Map(), unlocked: new Map() };

/**
 * md, udev and the gate at the next boot, in memory: members appear once what they need is present, udev hands each to
 * `mdadm --incremental` once, and the engine's commands do what mdadm would do.
 */
export class SimulatedMd implements SimulatedMachine {
  readonly running = new Map<MdUuid, Running>();
  private readonly boot: NextBoot;
  private readonly taken: ReadonlySet<string>;
  private readonly byArray = new Map<MdUuid, FutureMember[]>();
  private readonly bound = new Map<string, MdUuid>();
  private readonly handled = new Set<string>();
  private readonly known: KnownRunning;
  private unlocked = false;

  constructor(boot: NextBoot, taken: ReadonlySet<string>, known: KnownRunning = NONE_KNOWN) {
    this.boot = boot;
    this.taken = taken;
    this.known = known;
    for (const [uuid, running] of known.atOnce) this.running.set(uuid, running);
    for (const { uuid } of boot.watchlist.arrays) this.byArray.set(uuid, []);
    for (const member of boot.members) this.byArray.get(member.superblock.arrayUuid)?.push(member);
    this.udev();
  }

  /** A person types the passphrases; what lies behind them appears. */
  unlock(): void {
    this.unlocked = true;
    for (const [uuid, running] of this.known.unlocked) this.running.set(uuid, running);
    this.udev();
  }

  isMet({ disks, arrays, passphrase }: FutureNeed): boolean {
    return (
      (!passphrase || this.unlocked) &&
      [...disks].every((disk) => !this.taken.has(disk)) &&
      [...arrays].every((uuid) => this.running.has(uuid))
    );
  }

  snapshot(): Snapshot {
    const uuids = this.boot.watchlist.arrays.map(({ uuid }) => uuid);
    const arrays = uuids.flatMap((uuid): PresentArray[] => {
      const running = this.running.get(uuid);
      if (running === undefined && this.membersOf(uuid).every(({ boundTo }) => boundTo === null)) return [];
      return [
        {
          device: this.deviceOf(uuid),
          state: running === undefined ? 'inactive' : running.by === 'udev' ? 'clean' : 'read-auto',
          external: this.boot.volumes.some((volume) => volume.uuid === uuid),
          uuid,
          degraded: running?.degraded ?? null,
          deadMembers: [],
        },
      ];
    });
    return { members: uuids.flatMap((uuid) => this.membersOf(uuid)), arrays };
  }

  act(command: CommandEffect): boolean {
    switch (command.kind) {
      case 'settle':
        return true;
      case 'assemble':
        return command.devices.map((device) => this.incremental(command.uuid, device)).every((ok) => ok);
      case 'run-array':
      case 'write-read-auto':
        if (!this.running.has(command.uuid) && canBeRun(this.boundTo(command.uuid)))
          this.start(command.uuid, 'engine');
        return this.running.has(command.uuid);
      case 'stop-array':
        for (const { device } of this.boundTo(command.uuid)) this.bound.delete(device);
        this.running.delete(command.uuid);
        return true;
    }
  }

  private incremental(uuid: MdUuid, device: string): boolean {
    if (this.running.has(uuid) || this.bound.has(device)) return false;
    this.bound.set(device, uuid);
    if (startsByItself(this.boundTo(uuid))) this.start(uuid, 'engine');
    return true;
  }

  /** udev works off what has appeared, until nothing more appears by that. */
  private udev(): void {
    for (let again = true; again; ) {
      again = false;
      for (const { uuid, degraded, need } of this.boot.volumes) {
        if (this.running.has(uuid) || !this.isMet(need)) continue;
        this.running.set(uuid, { by: 'udev', degraded, missingRoles: [] });
        again = true;
      }
      for (const { device, superblock, need } of this.boot.members) {
        if (this.handled.has(device) || !this.isMet(need)) continue;
        this.handled.add(device);
        again = true;
        const uuid = superblock.arrayUuid;
        if (this.running.has(uuid) || isHeldByGate(superblock) || !this.outdoesTwin(uuid, superblock))
          continue;
        this.bound.set(device, uuid);
        if (startsByItself(this.boundTo(uuid))) this.start(uuid, 'udev');
      }
    }
  }

  private start(uuid: MdUuid, by: Running['by']): void {
    const bound = this.boundTo(uuid);
    const missingRoles = rolesMissing(bound);
    const level = bound[0]?.superblock.level ?? 0;
    this.running.set(uuid, { by, degraded: level > 0 ? missingRoles.length : null, missingRoles });
    // What appears on top of it is udev's again.
    if (by === 'engine') this.udev();
  }

  /** md refuses a device that claims to be a member which it has already; mdadm puts it in the place of an older one (Incremental.c, find_reject). */
  private outdoesTwin(uuid: MdUuid, { deviceUuid, events }: Superblock): boolean {
    const twin = this.boundTo(uuid).find(({ superblock }) => superblock.deviceUuid === deviceUuid);
    if (twin === undefined) return true;
    if (twin.superblock.events >= events) return false;
    this.bound.delete(twin.device);
    return true;
  }

  private membersOf(uuid: MdUuid): readonly PresentMember[] {
    return (this.byArray.get(uuid) ?? [])
      .filter(({ need }) => this.isMet(need))
      .map(({ device, superblock }) => ({
        device,
        superblock,
        boundTo: this.bound.get(device) === uuid ? this.deviceOf(uuid) : null,
        faulty: false,
        ...(this.handled.has(device) && isHeldByGate(superblock) ? { isHeld: true as const } : {}),
      }));
  }

  private boundTo(uuid: MdUuid): readonly PresentMember[] {
    return this.membersOf(uuid).filter(({ boundTo }) => boundTo !== null);
  }

  private deviceOf(uuid: MdUuid): string {
    return this.boot.deviceNames.get(uuid) ?? `md_${uuid.slice(0, 8)}`;
  }
}
