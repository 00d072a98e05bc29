// The words a random machine is written in: what it is made of, what has happened to it, and its power-ons. All of it is data that a seed gives.
export type Level = 'raid0' | 'raid1' | 'raid4' | 'raid5' | 'raid6' | 'raid10';
export type Metadata = '0.90' | '1.0' | '1.1' | '1.2';

/** A block device of the machine: `disk1`, `disk1p2`, `md0`, `mapper/crypt0`, `mapper/vg0-root`. */
export type Device = string;

export interface MdArray {
  readonly kind: 'md';
  /** `md0`; what it is called on the machine that makes it. */
  readonly name: string;
  readonly level: Level;
  readonly metadata: Metadata;
  /** By role. */
  readonly members: readonly Device[];
  readonly bitmap: boolean;
}

export interface Luks {
  readonly kind: 'luks';
  readonly name: string;
  readonly on: Device;
  /** An array with a file system that holds the key: root needs it, and nothing is written to it. */
  readonly key?: Device;
}

export interface VolumeGroup {
  readonly kind: 'lvm';
  readonly name: string;
  readonly on: readonly Device[];
  readonly thin: boolean;
  /** Those of them that root's volume was grown onto when the boot image had been made: the list does not know them. */
  readonly later?: readonly Device[];
}

export type Layer = MdArray | Luks | VolumeGroup;

export interface Disk {
  readonly name: string;
  /** Sizes of its partitions in MiB; none: the whole disk is used as it is. */
  readonly partitions: readonly number[];
  readonly sizeMiB: number;
}

export interface MachinePlan {
  readonly seed: number;
  /** `reliable_raid.wait=`; without it, 3. A long one tells apart what a busy host blurs. */
  readonly waitS?: number;
  /** Arrays have names of letters, so that mdadm calls them by links; members have links that are shorter than their names. */
  readonly names?: { readonly words: boolean; readonly shortLinks: boolean };
  readonly disks: readonly Disk[];
  /** Bottom first; what root stands on. */
  readonly layers: readonly Layer[];
  readonly root: Device;
  /** Arrays that root does not need. */
  readonly others: readonly MdArray[];
  /** An array of another machine, one half of which is plugged in here; it is called as root's. */
  readonly foreign: MdArray | null;
  /** The last one is a boot. */
  readonly life: readonly LifeEvent[];
}

/** Company: the disks that are there; all others are in a drawer. */
export type LifeEvent =
  /** A rescue system ran with this company: assembled, wrote a tree, was shut down. `cut`: its power failed while it wrote. */
  | {
      readonly kind: 'ran';
      readonly company: readonly string[];
      readonly cut: boolean;
      /** The boot image was made anew then: it takes what is missing for missing before. */
      readonly image?: boolean;
    }
  /** Everything was there; a member failed, and was removed or not; a tree was written without it. */
  | { readonly kind: 'failed'; readonly array: string; readonly member: Device; readonly removed: boolean }
  /** A blank disk took the place of a member, which went into a drawer; `cut`: the power failed while it was rebuilt. */
  | {
      readonly kind: 'replaced';
      readonly array: string;
      readonly member: Device;
      readonly by: Device;
      readonly cut: boolean;
    }
  /** A member that had missed something was given back by hand. */
  | { readonly kind: 'returned'; readonly array: string; readonly member: Device }
  /** An array got one more member; `cut`: the power failed while it was rebuilt or reshaped. */
  | { readonly kind: 'grown'; readonly array: string; readonly by: Device; readonly cut: boolean }
  | Boot;

export interface Boot {
  readonly kind: 'boot';
  readonly absent: readonly string[];
  /** Disks that come so many seconds after the machine began to look for them. */
  readonly late: readonly Moment[];
  /** Disks that are there and go. */
  readonly gone: readonly Moment[];
}

export interface Moment {
  readonly disk: string;
  readonly afterSeconds: number;
}

export const waitMsOf = ({ waitS = 3 }: MachinePlan): number => waitS * 1000;
/** `reliable_raid.max_wait=` */
export const maxWaitMsOf = (plan: MachinePlan): number => 2 * waitMsOf(plan);

export const arraysOf = ({ layers }: Pick<MachinePlan, 'layers'>): readonly MdArray[] =>
  layers.filter((layer) => layer.kind === 'md');

/** The device that a layer is. */
export function deviceOf(layer: Layer): Device {
  if (layer.kind === 'md') return layer.name;
  return layer.kind === 'luks' ? `mapper/${layer.name}` : `mapper/${layer.name}-root`;
}

export function standsOn(layer: Layer): readonly Device[] {
  if (layer.kind === 'md') return layer.members;
  return layer.kind === 'luks' ? [layer.on] : layer.on;
}

/** The disk that a device is, or is a part of. */
export const diskOf = (device: Device): string | null => /^(disk\d+)(p\d+)?$/.exec(device)?.[1] ?? null;

/** One line for a person. */
export function describe(plan: MachinePlan): string {
  const layers = [...plan.layers, ...plan.others, ...(plan.foreign === null ? [] : [plan.foreign])].map(
    (layer) => {
      if (layer.kind === 'md')
        return `${layer.name}=${layer.level}/${layer.metadata}${layer.bitmap ? 'b' : ''}(${layer.members.join(' ')})`;
      if (layer.kind === 'luks')
        return `${layer.name}=luks(${layer.on}${layer.key === undefined ? '' : `, key on ${layer.key}`})`;
      const later = layer.later === undefined ? '' : `, later ${layer.later.join(' ')}`;
      return `${layer.name}=${layer.thin ? 'thin' : 'lvm'}(${layer.on.join(' ')}${later})`;
    },
  );
  const names = [plan.names?.words === true && 'words', plan.names?.shortLinks === true && 'short links'];
  const named = [...names, (plan.waitS ?? 3) !== 3 && `wait ${plan.waitS} s`]
    .filter((name) => name !== false)
    .map((name) => ` ${name}`);
  return `${layers.join(' ')}${named.join('')}; ${plan.life.map(describeEvent).join('; ')}`;
}

export function describeEvent(event: LifeEvent): string {
  switch (event.kind) {
    case 'ran':
      return `${event.cut ? 'cut' : 'ran'} with ${event.company.join(' ')}${event.image === true ? ', new image' : ''}`;
    case 'failed':
      return `${event.member} of ${event.array} failed${event.removed ? ', removed' : ''}`;
    case 'replaced':
      return `${event.member} of ${event.array} replaced by ${event.by}${event.cut ? ', cut' : ''}`;
    case 'returned':
      return `${event.member} given back to ${event.array}`;
    case 'grown':
      return `${event.array} grown by ${event.by}${event.cut ? ', cut' : ''}`;
    case 'boot': {
      const moments = (word: string, list: readonly Moment[]) =>
        list.map(({ disk, afterSeconds }) => ` ${disk} ${word} ${afterSeconds} s`).join('');
      const without = event.absent.length === 0 ? '' : ` without ${event.absent.join(' ')}`;
      return `boot${without}${moments('late', event.late)}${moments('gone', event.gone)}`;
    }
  }
}
