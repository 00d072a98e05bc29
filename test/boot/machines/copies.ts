// Which copy holds which writes: what is known of a machine's members from what was done to it, without looking at a superblock.
import { enough } from '../../../src/core/md/enough.ts';
import type { SeenArray } from './boot-seen.ts';
import {
  arraysOf,
  type Device,
  deviceOf,
  diskOf,
  type Layer,
  type LifeEvent,
  type MachinePlan,
  type MdArray,
  standsOn,
} from './machine-plan.ts';

/** What a member has seen: the numbers of the runs that wrote to it, in their order. */
export type Log = readonly number[];

export interface Member {
  readonly role: number;
  readonly log: Log;
  /** It holds all of that; not so while it is being rebuilt. */
  readonly whole: boolean;
  /** The run in which its rebuild was broken off: its superblock tells that there was one. */
  readonly brokenOffIn?: number;
}

export interface Copies {
  /** By array, by device: everything that ever was a member and still says so. */
  readonly members: Readonly<Record<string, Readonly<Record<Device, Member>>>>;
  /** Arrays whose last run ended without a shutdown, and were not whole since. */
  readonly dirty: ReadonlySet<string>;
  /** By array: the members that were in sync when the boot image was made. */
  readonly inImage: Readonly<Record<string, readonly Device[]>>;
  /** The run at whose end the image was made. */
  readonly imageRun: number;
  /** By array: how many members it has, which grows. */
  readonly width: Readonly<Record<string, number>>;
  /** The number of the next run. */
  readonly next: number;
}

const LEVELS = {
  raid0: [0, 0],
  raid1: [1, 0],
  raid4: [4, 0],
  raid5: [5, 2],
  raid6: [6, 2],
  raid10: [10, 0x102],
} as const;

export const sameLog = (one: Log, other: Log): boolean => one.join() === other.join();
export const isPrefix = (one: Log, other: Log): boolean => sameLog(one, other.slice(0, one.length));
/** Each was written without the other. */
export const diverged = (one: Log, other: Log): boolean => !isPrefix(one, other) && !isPrefix(other, one);

export const longestLog = (members: readonly Pick<Member, 'log'>[]): Log =>
  members.reduce<Log>((log, member) => (member.log.length > log.length ? member.log : log), []);

export function hasEnough(
  array: MdArray,
  roles: ReadonlySet<number>,
  clean: boolean,
  width = array.members.length,
): boolean {
  const [level, layout] = LEVELS[array.level];
  return enough(level, layout, width, roles, clean);
}

/** All members new and equal: run 0 wrote the first tree. */
export function newCopies(plan: MachinePlan): Copies {
  const members = Object.fromEntries(
    arraysOf(plan).map((array) => [
      array.name,
      Object.fromEntries(array.members.map((device, role) => [device, { role, log: [0], whole: true }])),
    ]),
  );
  const later = plan.layers.flatMap((layer) => (layer.kind === 'lvm' ? (layer.later ?? []) : []));
  const inImage = Object.fromEntries(
    arraysOf(plan).map((array) => [array.name, later.includes(array.name) ? [] : array.members]),
  );
  const width = Object.fromEntries(arraysOf(plan).map((array) => [array.name, array.members.length]));
  return { members, dirty: new Set(), inImage, imageRun: 0, width, next: 1 };
}

/** The list in the image has it. */
export const isListed = ({ inImage }: Copies, name: string): boolean => (inImage[name] ?? []).length > 0;

/** What an administrator with this company could open: arrays with the members each would run with. */
export interface Opened {
  readonly arrays: ReadonlyMap<string, readonly Device[]>;
  readonly devices: ReadonlySet<Device>;
  readonly root: boolean;
  /** Two copies of an array are there that nobody may join: nothing is opened by hand then. */
  readonly ambiguous: boolean;
}

export function opened(plan: MachinePlan, copies: Copies, company: readonly string[]): Opened {
  const arrays = new Map<string, readonly Device[]>();
  const devices = new Set<Device>();
  const isThere = (device: Device): boolean => devices.has(device) || company.includes(diskOf(device) ?? '');
  let ambiguous = false;
  for (const layer of plan.layers) {
    if (layer.kind !== 'md') {
      const needs = layer.kind === 'luks' && layer.key !== undefined ? [layer.key] : [];
      if ([...standsOn(layer), ...needs].every(isThere)) devices.add(deviceOf(layer));
      continue;
    }
    const present = Object.entries(copies.members[layer.name] ?? {}).filter(
      ([device, { whole }]) => whole && isThere(device),
    );
    const newest = longestLog(present.map(([, member]) => member));
    if (present.some(([, { log }]) => diverged(log, newest))) ambiguous = true;
    const group = present.filter(([, { log }]) => sameLog(log, newest));
    const roles = new Set(group.map(([, { role }]) => role));
    if (!hasEnough(layer, roles, !copies.dirty.has(layer.name), copies.width[layer.name])) continue;
    arrays.set(
      layer.name,
      group.map(([device]) => device),
    );
    devices.add(layer.name);
  }
  return { arrays, devices, root: isThere(plan.root), ambiguous };
}

/** The arrays that a write to root reaches, with the members that get it. */
export function written(
  plan: MachinePlan,
  running: ReadonlyMap<string, readonly Device[]>,
): ReadonlyMap<string, readonly Device[]> {
  const found = new Map<string, readonly Device[]>();
  const left: Device[] = [plan.root];
  const layerOf = (device: Device): Layer | undefined =>
    plan.layers.find((layer) => deviceOf(layer) === device);
  for (let device = left.pop(); device !== undefined; device = left.pop()) {
    const layer = layerOf(device);
    if (layer === undefined) continue;
    if (layer.kind !== 'md') {
      left.push(...standsOn(layer));
      continue;
    }
    const members = running.get(layer.name) ?? [];
    found.set(layer.name, members);
    left.push(...members);
  }
  return found;
}

/** A run wrote to these. */
export function afterWrite(
  copies: Copies,
  reached: ReadonlyMap<string, readonly Device[]>,
  cut: boolean,
): Copies {
  const members = { ...copies.members };
  const dirty = new Set(copies.dirty);
  for (const [array, devices] of reached) {
    const own = { ...members[array] };
    // who takes part has what the newest of them has: nothing else may run
    const newest = devices.reduce<Log>((log, device) => {
      const mine = own[device]?.log ?? [];
      return mine.length > log.length ? mine : log;
    }, []);
    for (const device of devices) {
      const member = own[device];
      if (member !== undefined)
        own[device] = { role: member.role, log: [...newest, copies.next], whole: true };
    }
    members[array] = own;
    if (cut) dirty.add(array);
    else if (devices.length === Object.values(own).filter(({ whole }) => whole).length) dirty.delete(array);
  }
  return { ...copies, members, dirty, next: copies.next + 1 };
}

/** As md has them in a boot: a rebuild that was broken off may go on in another slot, which 0.90 does not note (md.c, super_90_validate). */
export function withRoles(
  copies: Copies,
  arrays: Readonly<Record<string, Pick<SeenArray, 'members'>>>,
): Copies {
  const members = Object.fromEntries(
    Object.entries(copies.members).map(([name, own]) => {
      const roles = new Map(arrays[name]?.members.map(({ device, role }) => [device, role]));
      const moved = Object.entries(own).map(([device, member]): [Device, Member] => [
        device,
        { ...member, role: roles.get(device) ?? member.role },
      ]);
      return [name, Object.fromEntries(moved)];
    }),
  );
  return { ...copies, members };
}

/** What is opened for an event that is lived in a rescue system; null: it cannot happen. */
export function companyOf(plan: MachinePlan, copies: Copies, event: LifeEvent): readonly string[] | null {
  if (event.kind === 'ran') return event.company;
  if (event.kind === 'boot') return null;
  return plan.disks.map(({ name }) => name).filter((name) => !isBlankOrAside(plan, copies, name, event));
}

/** Disks that are in a drawer: the one that shall be added, and those whose copy has diverged or was replaced. */
function isBlankOrAside(plan: MachinePlan, copies: Copies, disk: string, event: LifeEvent): boolean {
  if ((event.kind === 'replaced' || event.kind === 'grown') && diskOf(event.by) === disk) return true;
  return arraysOf(plan).some(({ name }) => {
    const all = Object.entries(copies.members[name] ?? {});
    const newest = longestLog(all.map(([, member]) => member));
    return all.some(([device, { log }]) => diskOf(device) === disk && diverged(log, newest));
  });
}

/** After an event in a rescue system; null where it cannot happen: too few members, or two copies at a time. */
export function afterEvent(plan: MachinePlan, copies: Copies, event: LifeEvent): Copies | null {
  const company = companyOf(plan, copies, event);
  if (company === null || event.kind === 'boot') return null;
  const open = opened(plan, copies, company);
  if (!open.root || open.ambiguous) return null;
  if (event.kind === 'ran') {
    // a rescue system with members that missed something would leave them out, or not: it depends on a few events
    if (hasStale(copies, open, company)) return null;
    const after = afterWrite(copies, written(plan, open.arrays), event.cut);
    return event.image === true
      ? { ...after, inImage: Object.fromEntries(open.arrays), imageRun: copies.next }
      : after;
  }
  const array = arraysOf(plan).find(({ name }) => name === event.array);
  const running = open.arrays.get(event.array);
  const own = copies.members[event.array];
  if (array === undefined || running === undefined || own === undefined) return null;
  if (!written(plan, open.arrays).has(event.array)) return null;
  if (event.kind === 'returned') {
    const member = own[event.member];
    if (member === undefined || running.includes(event.member)) return null;
    if (!company.includes(diskOf(event.member) ?? '') || array.level === 'raid0') return null;
    const arrays = new Map(open.arrays).set(event.array, [...running, event.member]);
    const role = array.bitmap ? member.role : firstFree(copies, array.name, running);
    const given = withMember(copies, array.name, event.member, { ...member, role });
    return afterWrite(given, written(plan, arrays), false);
  }
  if (event.kind === 'grown') return afterGrowth(plan, copies, event, array, open);
  const member = own[event.member];
  const left = running.filter((device) => device !== event.member);
  if (member === undefined || left.length === running.length || array.level === 'raid0') return null;
  const roles = new Set(left.map((device) => own[device]?.role ?? -1));
  if (!hasEnough(array, roles, true, copies.width[array.name]) || copies.dirty.size > 0) return null;
  const arrays = new Map(open.arrays).set(event.array, left);
  if (event.kind === 'failed') return afterWrite(copies, written(plan, arrays), false);
  if (event.by in own || !isFree(plan, copies, event.by)) return null;
  const role = firstFree(copies, array.name, left);
  const fresh: Member = { role, log: [], whole: false, brokenOffIn: copies.next };
  const added = withMember(copies, array.name, event.by, fresh);
  const sharing = event.cut ? arrays : new Map(arrays).set(event.array, [...left, event.by]);
  return afterWrite(added, written(plan, sharing), event.cut);
}

function withMember(copies: Copies, array: string, device: Device, member: Member): Copies {
  return {
    ...copies,
    members: { ...copies.members, [array]: { ...copies.members[array], [device]: member } },
  };
}

/** What a new one gets, and one that is given back where no bitmap knows it (raid5.c, raid5_add_disk; md.c, super_1_validate). */
function firstFree({ members, width }: Copies, array: string, running: readonly Device[]): number {
  const held = running.map((device) => members[array]?.[device]?.role);
  const slots = Array.from({ length: width[array] ?? 0 }, (_, slot) => slot);
  return slots.find((slot) => !held.includes(slot)) ?? slots.length;
}

/** Only an array with all its members grows. One more half of a mirror is rebuilt; what is reshaped has its data on all of them. */
function afterGrowth(
  plan: MachinePlan,
  copies: Copies,
  { by, cut }: Extract<LifeEvent, { kind: 'grown' }>,
  array: MdArray,
  open: Opened,
): Copies | null {
  const running = open.arrays.get(array.name) ?? [];
  const own = copies.members[array.name] ?? {};
  const width = copies.width[array.name] ?? 0;
  if (array.level !== 'raid1' && array.level !== 'raid5') return null;
  if (running.length < width || copies.dirty.size > 0 || by in own || !isFree(plan, copies, by)) return null;
  const whole = !cut || array.level === 'raid5';
  const grown: Copies = {
    ...withMember(copies, array.name, by, { role: width, log: [], whole, brokenOffIn: copies.next }),
    width: { ...copies.width, [array.name]: width + 1 },
  };
  const sharing = whole ? new Map(open.arrays).set(array.name, [...running, by]) : open.arrays;
  return afterWrite(grown, written(plan, sharing), cut);
}

function hasStale(copies: Copies, open: Opened, company: readonly string[]): boolean {
  return [...open.arrays].some(([name, running]) =>
    Object.entries(copies.members[name] ?? {}).some(
      ([device, { whole }]) =>
        !running.includes(device) &&
        (company.includes(diskOf(device) ?? '') || open.devices.has(device)) &&
        whole,
    ),
  );
}

const isFree = (plan: MachinePlan, copies: Copies, device: Device): boolean =>
  plan.disks.some(({ name }) => name === device) &&
  ![...plan.others, ...(plan.foreign === null ? [] : [plan.foreign])].some(({ members }) =>
    members.some((member) => diskOf(member) === device),
  ) &&
  !Object.values(copies.members).some((members) => device in members);
