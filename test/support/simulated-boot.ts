/** A boot without a machine: virtual time, simple md and udev, the real engine. For tables and properties; never called a boot. */
import type { CommandEffect } from '../../src/core/engine/effects.ts';
import type { EngineEvent } from '../../src/core/engine/events.ts';
import { type EngineOptions, initialState } from '../../src/core/engine/state.ts';
import { type EngineRun, runEngine, type SimulatedMachine } from '../../src/core/explain/run-engine.ts';
import type { Key } from '../../src/core/keys/key.ts';
import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import type { Superblock } from '../../src/core/md/superblock.ts';
import type { PresentArray, PresentMember, Snapshot } from '../../src/core/snapshot/snapshot.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../src/core/watchlist/watchlist.ts';

export const uuidOf = (n: number): MdUuid => `0000000${n}:00000000:00000000:00000000` as MdUuid;

export interface ArrayPlan {
  readonly n: number;
  readonly level: number;
  readonly raidDevices: number;
  readonly standsOn?: readonly number[];
  readonly listed?: boolean;
  /** What the list knows of it, where it knows less. */
  readonly listedStandsOn?: readonly number[];
  /** The host in its name; left out: none. */
  readonly host?: string;
  /** mdadm calls it one of this machine. */
  readonly isLocal?: true;
  readonly neededBy?: readonly string[];
  readonly degraded?: WatchedArray['degraded'];
  readonly behindPassphrase?: boolean;
  /** udev assembles it by itself; false: nothing in the image names it. */
  readonly assembled?: boolean;
  /** `mdadm --run`: works, says it does and does nothing (F4), or fails. */
  readonly run?: 'works' | 'silent' | 'fails';
}

/** Something that happens at a time, in milliseconds since the kernel started. */
export type Happening = { readonly atMs: number } & (
  | { readonly kind: 'arrives' | 'leaves'; readonly n: number; readonly role: number }
  | { readonly kind: 'key'; readonly key: Key }
  | { readonly kind: 'shell-left' }
  | { readonly kind: 'prompt'; readonly open: boolean }
  | { readonly kind: 'held'; readonly held: boolean }
  /** The clock jumps: a machine that was stopped goes on, or an event is dated before the one that was heard last. */
  | { readonly kind: 'jump'; readonly byMs: number }
);

export function watched(plan: ArrayPlan): WatchedArray {
  return {
    uuid: uuidOf(plan.n),
    name: `a${plan.n}`,
    devicePath: `/dev/md${plan.n}`,
    level: plan.level,
    layout: plan.level === 10 ? 0x102 : 2,
    raidDevices: plan.raidDevices,
    metadata: '1.2',
    container: null,
    layer: (plan.listedStandsOn ?? plan.standsOn ?? []).length === 0 ? 0 : 1,
    neededBy: plan.neededBy ?? ['/'],
    standsOn: (plan.listedStandsOn ?? plan.standsOn ?? []).map(uuidOf),
    behindPassphrase: plan.behindPassphrase ?? false,
    waitMs: 20_000,
    degraded: plan.degraded ?? 'start',
    members: Array.from({ length: plan.raidDevices }, (_, role) => ({
      deviceUuid: `dev-${plan.n}-${role}`,
      role,
      disk: {
        byId: `ata-DISK_${plan.n}_${role}`,
        model: 'DISK',
        serial: `S${plan.n}${role}`,
        sizeBytes: 1e9,
      },
      ledger: { events: 10, updateTimeMs: 0, inSync: true },
    })),
  };
}

export function superblockOf(plan: ArrayPlan, role: number): Superblock {
  return {
    metadata: '1.2',
    arrayUuid: uuidOf(plan.n),
    deviceUuid: `dev-${plan.n}-${role}`,
    deviceNumber: role,
    name: plan.host === undefined ? `a${plan.n}` : `${plan.host}:a${plan.n}`,
    level: plan.level,
    layout: plan.level === 10 ? 0x102 : 2,
    chunkBytes: 65536,
    raidDevices: plan.raidDevices,
    role,
    slots: Array.from({ length: plan.raidDevices }, () => 'active' as const),
    slotHolders: Array.from({ length: plan.raidDevices }, (_, slot) => [slot]),
    events: 12,
    updateTimeMs: 1000,
    clean: true,
    hasBitmap: false,
    needsJournal: false,
    reshaping: false,
    recoveryOffsetSectors: null,
  };
}

/** A disk, or the array below. */
function deviceOf({ n, standsOn = [] }: ArrayPlan, role: number): string {
  const below = standsOn[role];
  return below === undefined ? `s${n}.${role}` : `md${below}`;
}

/** The machine below the engine: which members are there, what is bound, what runs. */
class World implements SimulatedMachine {
  /** The array that holds root; undefined: nobody looks. */
  private readonly rootOn: number | undefined;
  readonly present = new Set<string>();
  readonly bound = new Set<string>();
  readonly running = new Map<number, number>();
  readonly plans: readonly ArrayPlan[];
  constructor(plans: readonly ArrayPlan[], rootOn?: number) {
    this.rootOn = rootOn;
    this.plans = plans;
  }

  arrive(n: number, role: number): void {
    const plan = this.plan(n);
    const key = `${n}.${role}`;
    if (plan === undefined || role >= plan.raidDevices || this.present.has(key)) return;
    this.present.add(key);
    if ((plan.assembled ?? true) && !this.running.has(n)) this.bind(plan, key);
  }

  leave(n: number, role: number): void {
    this.present.delete(`${n}.${role}`);
    this.bound.delete(`${n}.${role}`);
  }

  private bind(plan: ArrayPlan, key: string): void {
    this.bound.add(key);
    if (this.boundCount(plan) === plan.raidDevices) this.start(plan);
  }

  private start(plan: ArrayPlan): void {
    this.running.set(plan.n, plan.raidDevices - this.boundCount(plan));
    for (const above of this.plans) {
      const role = above.standsOn?.indexOf(plan.n) ?? -1;
      if (role >= 0) this.arrive(above.n, role);
    }
  }

  private boundCount(plan: ArrayPlan): number {
    return [...this.bound].filter((key) => key.startsWith(`${plan.n}.`)).length;
  }

  private plan(n: number): ArrayPlan | undefined {
    return this.plans.find((plan) => plan.n === n);
  }

  /** What a command does and returns. */
  act(command: CommandEffect): boolean {
    if (command.kind === 'settle') return true;
    const plan = this.plans.find(({ n }) => uuidOf(n) === command.uuid);
    if (plan === undefined) return false;
    switch (command.kind) {
      case 'assemble':
        for (let role = 0; role < plan.raidDevices; role++)
          if (command.devices.includes(deviceOf(plan, role))) this.bind(plan, `${plan.n}.${role}`);
        return true;
      case 'run-array':
        if ((plan.run ?? 'works') === 'works') this.start(plan);
        return plan.run !== 'fails';
      case 'write-read-auto':
        this.start(plan);
        return true;
      case 'stop-array':
        for (const key of [...this.bound]) if (key.startsWith(`${plan.n}.`)) this.bound.delete(key);
        return true;
    }
  }

  snapshot(): Snapshot {
    const members: PresentMember[] = [];
    const arrays: PresentArray[] = [];
    for (const plan of this.plans) {
      for (let role = 0; role < plan.raidDevices; role++) {
        const key = `${plan.n}.${role}`;
        if (!this.present.has(key)) continue;
        members.push({
          device: deviceOf(plan, role),
          superblock: superblockOf(plan, role),
          boundTo: this.bound.has(key) ? `md${plan.n}` : null,
          ...(plan.isLocal === true ? { isLocal: true } : {}),
          faulty: false,
        });
      }
      if (this.boundCount(plan) === 0 && !this.running.has(plan.n)) continue;
      const degraded = this.running.get(plan.n);
      arrays.push({
        device: `md${plan.n}`,
        state: degraded === undefined ? 'inactive' : 'read-auto',
        external: false,
        deadMembers: [],
        uuid: uuidOf(plan.n),
        degraded: degraded ?? null,
      });
    }
    if (this.rootOn === undefined) return { members, arrays };
    return { members, arrays, awaitedIsThere: this.running.has(this.rootOn) };
  }
}

export const DEFAULT_OPTIONS: EngineOptions = {
  discoveryAtMs: 1000,
  startedAtMs: 3000,
  generatorLimitAtMs: 34_000,
  scope: 'before-passphrase',
  noticeAfterMs: 10_000,
  maxWaitMs: 180_000,
  lastChanceMs: 10_000,
  waitMs: null,
  degraded: null,
  stale: 'ask',
  startDirty: false,
  needsUnlisted: false,
  hidesUnlisted: false,
  shellDenied: null,
  alreadyTold: new Set(),
  answers: new Map(),
};

/** Runs the engine over the happenings until it finishes, or until nothing can happen any more. */
export function simulate(
  plans: readonly ArrayPlan[],
  happenings: readonly Happening[],
  options: Partial<EngineOptions> = {},
  rootOn?: number,
): EngineRun {
  const world = new World(plans, rootOn);
  const state = initialState(watchlistOf(plans), { ...DEFAULT_OPTIONS, ...options });
  const { startedAtMs } = state.options;
  const early = (happening: Happening): boolean => happening.atMs <= startedAtMs;
  for (const happening of happenings.filter(early))
    if (happening.kind === 'arrives') world.arrive(happening.n, happening.role);
  const coming = happenings
    .filter((happening) => !early(happening))
    .map((happening) => ({
      atMs: happening.atMs,
      happen: (atMs: number) => happen(happening, world, atMs),
    }));
  return runEngine(state, world, coming);
}

export const watchlistOf = (plans: readonly ArrayPlan[]): Watchlist => ({
  schema: WATCHLIST_SCHEMA,
  hostName: 'test',
  settings: DEFAULT_SETTINGS,
  arrays: plans.filter((plan) => plan.listed !== false).map(watched),
  tree: [],
  warnings: [],
});

function happen(happening: Happening, world: World, atMs: number): EngineEvent {
  switch (happening.kind) {
    case 'arrives':
      world.arrive(happening.n, happening.role);
      break;
    case 'leaves':
      world.leave(happening.n, happening.role);
      break;
    case 'key':
      return { kind: 'key', atMs, key: happening.key, console: 'ttyS0' };
    case 'shell-left':
      return { kind: 'shell-left', atMs };
    case 'prompt':
      return { kind: 'passphrase-prompt', atMs, open: happening.open };
    case 'held':
      return { kind: 'attendance', atMs, attended: happening.held };
    case 'jump':
      return { kind: 'tick', atMs: atMs + happening.byMs };
  }
  return { kind: 'devices', atMs, snapshot: world.snapshot() };
}

/** Members that come at one time. */
export const arrives = (atMs: number, n: number, ...roles: readonly number[]): Happening[] =>
  roles.map((role) => ({ atMs, kind: 'arrives', n, role }));

/** When something was first put down. */
export const at = (run: EngineRun, kind: string): number | undefined =>
  run.timeline.find((entry) => entry.kind === kind)?.atMs;

/** Arrays that a command was run for. */
export const touched = (run: EngineRun): readonly string[] => [
  ...new Set(run.commands.flatMap(({ command }) => ('uuid' in command ? [command.uuid] : []))),
];
