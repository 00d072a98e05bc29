// A machine, its history and its power-ons from a seed. What the kernel of this lane cannot do is left out: it has no linear level.
import { afterEvent, type Copies, newCopies, opened } from './copies.ts';
import {
  arraysOf,
  type Boot,
  type Device,
  type Disk,
  diskOf,
  type Layer,
  type Level,
  type LifeEvent,
  type MachinePlan,
  type MdArray,
  type Metadata,
  type Moment,
} from './machine-plan.ts';
import { Random } from './random.ts';

const MOST_DISKS = 8;
/** A disk is a letter of the kernel's, and /usr has the last one. */
const MOST_PLACES = 14;
const KEY_ARRAY = 'md6';
const SIZE_MIB = 64;

export function generateMachine(seed: number): MachinePlan {
  const random = new Random(seed);
  const kinds = new Random(seed ^ 0x2545f491);
  const body = withLaterKinds(kinds, generateBody(random, seed));
  const waitS = new Random(seed ^ 0x1b873593).chance(0.25) ? 10 : 3;
  return {
    ...body,
    ...(waitS === 3 ? {} : { waitS }),
    life: generateLife(random, new Random(seed ^ 0x5bd1e995), kinds, body),
  };
}

type Body = Omit<MachinePlan, 'life'>;

const WIDTHS: Readonly<Record<Level, readonly number[]>> = {
  raid0: [2, 2, 3],
  raid1: [2, 2, 2, 3],
  raid4: [3],
  raid5: [3, 3, 4],
  raid6: [4],
  raid10: [4, 4, 3, 2],
};

class Builder {
  readonly layers: Layer[] = [];
  readonly disks: string[] = [];
  readonly random: Random;
  readonly partitioned: boolean;
  private arrays = 0;

  constructor(random: Random, partitioned: boolean) {
    this.random = random;
    this.partitioned = partitioned;
  }

  disk(): Device {
    const name = `disk${this.disks.length + 1}`;
    this.disks.push(name);
    return this.partitioned ? `${name}p1` : name;
  }

  /** An array of that many layers of md; its device. */
  array(depth: number, top: boolean): Device {
    const level = this.random.pick<Level>(
      depth > 1
        ? ['raid1', 'raid1', 'raid0', 'raid5']
        : ['raid0', 'raid1', 'raid1', 'raid1', 'raid4', 'raid5', 'raid6', 'raid10'],
    );
    const width = depth > 1 ? (level === 'raid5' ? 3 : 2) : this.random.pick(WIDTHS[level]);
    const members: Device[] = [];
    for (let role = 0; role < width; role += 1) {
      const room = MOST_DISKS - this.disks.length;
      const deeper = depth > 1 && room >= 5 && (role === 0 || this.random.chance(0.6));
      members.push(deeper ? this.array(depth - 1, false) : this.disk());
    }
    const name = `md${this.arrays}`;
    this.arrays += 1;
    // superblocks at the end of members and arrays on top of each other are seen on the bare disk as well, by mdadm too
    const drawn = this.random.pick<Metadata>(
      top && depth === 1 ? ['1.2', '1.2', '1.2', '1.0', '1.1', '0.90'] : ['1.2', '1.2', '1.1'],
    );
    // 0.90 cannot say in which of two ways a raid0 is laid out: mdadm makes none
    const metadata = level === 'raid0' && drawn === '0.90' ? '1.0' : drawn;
    const bitmap = level !== 'raid0' && this.random.chance(0.7);
    this.layers.push({ kind: 'md', name, level, metadata, members, bitmap });
    return name;
  }
}

function generateBody(random: Random, seed: number): Body {
  const partitioned = random.chance(0.5);
  const builder = new Builder(random, partitioned);
  const depth = random.pick([1, 1, 1, 1, 1, 2, 2, 2, 2, 3]);
  let root = builder.array(depth, true);
  if (random.chance(0.3)) {
    builder.layers.push({ kind: 'luks', name: 'crypt0', on: root });
    root = 'mapper/crypt0';
  }
  if (random.chance(0.35)) {
    const room = MOST_DISKS - builder.disks.length;
    const second = room >= 3 && random.chance(0.25) ? [builder.array(1, true)] : [];
    builder.layers.push({ kind: 'lvm', name: 'vg0', on: [root, ...second], thin: random.chance(0.4) });
    root = 'mapper/vg0-root';
  }
  const ofRoot = [...builder.disks];
  const other = random.chance(0.4) ? otherArray(random, builder, ofRoot) : null;
  const foreign = random.chance(0.2) ? foreignArray(builder) : null;
  if (random.chance(0.3)) builder.disks.push(`disk${builder.disks.length + 1}`);
  const shared = other?.members.some((member) => member.endsWith('p2')) === true;
  const disks = builder.disks.map((name): Disk => {
    const isOfRoot = ofRoot.includes(name);
    if (!isOfRoot || !partitioned) return { name, partitions: [], sizeMiB: SIZE_MIB };
    const sizes = shared && other?.members.includes(`${name}p2`) === true ? [SIZE_MIB, 16] : [SIZE_MIB];
    return { name, partitions: sizes, sizeMiB: sizes.reduce((sum, size) => sum + size, 4) };
  });
  return { seed, disks, layers: builder.layers, root, others: other === null ? [] : [other], foreign };
}

/** Links, a key on an array of its own, a group that has grown: drawn apart, so that a seed's other numbers stay as they were. */
function withLaterKinds(kinds: Random, body: Body): Body {
  const names = { words: kinds.chance(0.3), shortLinks: kinds.chance(0.2) };
  let layers = body.layers;
  let disks = body.disks;
  const mirror = (name: string): MdArray => {
    const members = [1, 2].map((more) => `disk${disks.length + more}`);
    disks = [
      ...disks,
      ...members.map((member): Disk => ({ name: member, partitions: [], sizeMiB: SIZE_MIB })),
    ];
    return { kind: 'md', name, level: 'raid1', metadata: '1.2', members, bitmap: true };
  };
  const luks = layers.find((layer) => layer.kind === 'luks');
  if (luks !== undefined && disks.length <= MOST_PLACES - 2 && kinds.chance(0.3)) {
    const key = mirror(KEY_ARRAY);
    layers = [key, ...layers.map((layer) => (layer === luks ? { ...luks, key: key.name } : layer))];
  }
  const group = layers.find((layer) => layer.kind === 'lvm');
  if (group !== undefined && !group.thin && disks.length <= MOST_PLACES - 2 && kinds.chance(0.3)) {
    const second = mirror('md7');
    const grown = { ...group, on: [...group.on, second.name], later: [second.name] };
    layers = [...layers.filter((layer) => layer !== group), second, grown];
  }
  if (disks.length < MOST_PLACES && kinds.chance(0.25))
    disks = [...disks, { name: `disk${disks.length + 1}`, partitions: [], sizeMiB: SIZE_MIB }];
  return { ...body, layers, disks, ...(names.words || names.shortLinks ? { names } : {}) };
}

function otherArray(random: Random, builder: Builder, ofRoot: readonly string[]): MdArray {
  const onSameDisks = builder.partitioned && random.chance(0.6);
  const own = () => {
    builder.disks.push(`disk${builder.disks.length + 1}`);
    return builder.disks.at(-1) ?? '';
  };
  const members = onSameDisks ? random.some(ofRoot, 2).map((name) => `${name}p2`) : [own(), own()];
  return { kind: 'md', name: 'md8', level: 'raid1', metadata: '1.2', members, bitmap: false };
}

/** Half of a mirror that another machine calls as this one calls root's. */
function foreignArray(builder: Builder): MdArray {
  const name = `disk${builder.disks.length + 1}`;
  builder.disks.push(name);
  return { kind: 'md', name: 'md9', level: 'raid1', metadata: '1.2', members: [name], bitmap: false };
}

// --- history

/** `more` draws what came to the machines later, so that a seed's other numbers stay as they were. */
function generateLife(random: Random, more: Random, kinds: Random, body: Body): readonly LifeEvent[] {
  const plan: MachinePlan = { ...body, life: [] };
  const life: LifeEvent[] = [];
  let copies = newCopies(plan);
  const events = random.pick([0, 0, 1, 1, 1, 2, 2, 3]);
  for (let count = 0, tries = 0; count < events && tries < 12; tries += 1) {
    const drawn = historyEvent(random, plan, copies);
    const event = drawn?.kind === 'ran' && !drawn.cut && more.chance(0.3) ? { ...drawn, image: true } : drawn;
    const after = event === null ? null : afterEvent(plan, copies, event);
    if (event === null || after === null) continue;
    life.push(event);
    copies = after;
    count += 1;
  }
  const growth = kinds.chance(0.4) ? growthOf(kinds, plan, copies) : null;
  if (growth !== null) {
    life.push(growth);
    copies = afterEvent(plan, copies, growth) ?? copies;
  }
  const boots = withoutKeyDisk(kinds, plan, generateBoots(random, plan, copies));
  if (!more.chance(0.2)) return [...life, ...boots];
  // no boot between the history and what is missing: what was cut off is still as it was
  const absent = more.some(namesOfRoot(plan), more.pick([0, 1, 1, 2]));
  return [...life, bootWithout(absent.toSorted())];
}

function growthOf(kinds: Random, plan: MachinePlan, copies: Copies): LifeEvent | null {
  const array = kinds.pick(arraysOf(plan)).name;
  const spare = plan.disks.find(
    ({ name, partitions }) => partitions.length === 0 && isSpare(plan, copies, name),
  );
  if (spare === undefined) return null;
  const event = { kind: 'grown', array, by: spare.name, cut: kinds.chance(0.5) } as const;
  return afterEvent(plan, copies, event) === null ? null : event;
}

/** The last boot lacks a disk with the key now and then: only then, since nothing that is done to such an array is noted. */
function withoutKeyDisk(kinds: Random, plan: MachinePlan, boots: readonly Boot[]): readonly Boot[] {
  const key = arraysOf(plan).find(({ name }) => name === KEY_ARRAY);
  const last = boots.at(-1);
  if (key === undefined || last === undefined || kinds.chance(0.5)) return boots;
  const absent = [...last.absent, kinds.pick(key.members)].toSorted();
  return [...boots.slice(0, -1), { ...last, absent }];
}

function historyEvent(random: Random, plan: MachinePlan, copies: Copies): LifeEvent | null {
  const names = namesOfRoot(plan);
  const array = random.pick(arraysOf(plan));
  const member = random.pick(Object.keys(copies.members[array.name] ?? {}));
  const kind = random.pick(['ran', 'ran', 'ran', 'cut', 'failed', 'replaced', 'replaced', 'returned']);
  if (kind === 'failed') return { kind, array: array.name, member, removed: random.chance(0.5) };
  if (kind === 'returned') return { kind, array: array.name, member };
  if (kind === 'replaced') {
    const spare = plan.disks.find(
      ({ name, partitions }) => partitions.length === 0 && isSpare(plan, copies, name),
    );
    return spare === undefined
      ? null
      : { kind, array: array.name, member, by: spare.name, cut: random.chance(0.35) };
  }
  const away = random.some(names, random.pick([0, 1, 1, 1, 2, 2]));
  const company = plan.disks.map(({ name }) => name).filter((name) => !away.includes(name));
  return { kind: 'ran', company, cut: kind === 'cut' };
}

const isSpare = (plan: MachinePlan, copies: Copies, name: string): boolean =>
  !Object.values(copies.members).some((members) =>
    Object.keys(members).some((device) => diskOf(device) === name),
  ) &&
  ![...plan.others, ...(plan.foreign === null ? [] : [plan.foreign])].some(({ members }) =>
    members.some((device) => diskOf(device) === name),
  );

/** Disks that root's arrays are on, and not only its key. */
export const namesOfRoot = (plan: Pick<MachinePlan, 'disks' | 'layers'>): readonly string[] =>
  plan.disks
    .map(({ name }) => name)
    .filter((name) =>
      arraysOf(plan).some(
        (array) => array.name !== KEY_ARRAY && array.members.some((device) => diskOf(device) === name),
      ),
    );

/** One boot from which `explain` foretells the last one, which has other disks; sometimes one more before. */
function generateBoots(random: Random, plan: MachinePlan, copies: Copies): readonly Boot[] {
  const names = namesOfRoot(plan);
  const boots: Boot[] = [];
  if (random.chance(0.25)) boots.push(bootWithout(mayBeAway(random, plan, copies, names)));
  boots.push(bootWithout(random.chance(0.35) ? mayBeAway(random, plan, copies, names) : []));
  // what is away now is most often away again: only of such a boot this one can foretell anything
  const before = boots.at(-1)?.absent ?? [];
  const drawn = random.some(names, random.pick([0, 1, 1, 1, 1, 1, 2, 2]));
  const absent = random.chance(0.7) ? [...new Set([...before, ...drawn])] : drawn;
  const here = names.filter((name) => !absent.includes(name));
  const moment = (disk: string): Moment => ({ disk, afterSeconds: random.pick([1, 2, 5, 8]) });
  const timing = random.next();
  const late = timing < 0.22 && here.length > 1 ? random.some(here, random.pick([1, 1, 2])).map(moment) : [];
  const gone = timing >= 0.22 && timing < 0.28 ? random.some(here, 1).map(moment) : [];
  const plugged = random.chance(0.6)
    ? []
    : plan.disks.map(({ name }) => name).filter((name) => isIdle(plan, name));
  return [...boots, { kind: 'boot', absent: [...absent, ...plugged].toSorted(), late, gone }];
}

const bootWithout = (absent: readonly string[]): Boot => ({ kind: 'boot', absent, late: [], gone: [] });

/** Disks without which root is there all the same, as far as the copies tell. */
function mayBeAway(
  random: Random,
  plan: MachinePlan,
  copies: Copies,
  names: readonly string[],
): readonly string[] {
  for (let tries = 0; tries < 6; tries += 1) {
    const away = random.some(names, random.pick([1, 1, 2]));
    const company = plan.disks.map(({ name }) => name).filter((name) => !away.includes(name));
    const open = opened(plan, copies, company);
    if (open.root && !open.ambiguous) return away.toSorted();
  }
  return [];
}

/** Neither root's nor listed: an array that root does not need has it. */
const isIdle = (plan: MachinePlan, name: string): boolean =>
  plan.others.some(({ members }) => members[0] === name);
