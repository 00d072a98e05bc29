// The words a safety case is written in: a machine, its life so far, a power-on, and what must be true of every disk afterwards.
export type Release = 'bookworm' | 'trixie' | 'forky';

/** The mdadm that each release is expected to bring; the version that really ran is printed with each result. */
export const mdadmOf: Readonly<Record<Release, string>> = { bookworm: '4.2', trixie: '4.4', forky: '4.6' };

export interface ArrayOfMachine {
  readonly name: string;
  readonly level: 1 | 5 | 6 | 10;
  readonly metadata: '1.2' | '1.0' | '0.90';
  /** Disks (a, b, ...) or arrays, by role. */
  readonly members: readonly string[];
  /** Further words for `mdadm --create`; `$(node e)` is the device of disk e. */
  readonly options?: string;
}

export interface Machine {
  /** Each letter is a disk. */
  readonly disks: string;
  readonly sizeMiB: number;
  /** Bottom first. */
  readonly arrays: readonly ArrayOfMachine[];
  /** The array that the root file system is on; only what it stands on is on the watchlist. */
  readonly root: string;
}

/** A power-on of the past; `cut` ends without a shutdown; `copy` is done by another machine (dd). */
export type Step =
  | { readonly kind: 'run' | 'cut'; readonly shell: string }
  | { readonly kind: 'copy'; readonly from: string; readonly to: string };

export interface PowerOn {
  /** Disks that are there, in the order in which the kernel finds them. */
  readonly disks: string;
  /** Disks that `plug` in `meanwhile` or `after` brings. */
  readonly pluggable?: string;
  /** udev sees one disk after the other, in the order of `disks`; else all at once. */
  readonly oneByOne?: boolean;
  /** Debian as it comes, as a control: proves that the danger is there, and that this suite can see it. */
  readonly stock?: boolean;
  /** How often a control may be tried until the damage is seen: some of it is a race between two processes of udev. */
  readonly attempts?: number;
  /** Shell that runs in the image before udev: what else the machine remembers, or lacks. */
  readonly first?: string;
  /** Shell beside the waiting boot: hardware that comes, an administrator who logs in from afar. */
  readonly meanwhile?: string;
  /** Shell when root is mounted and was written. */
  readonly after?: string;
  readonly kernelArguments?: readonly string[];
  /** The power fails again when the arrays run and nothing is mounted yet. */
  readonly cutBeforeMount?: boolean;
  /** Seconds of the generator's 30 that are taken as gone, so that a boot which waits for nothing ends soon. */
  readonly patienceSpentS?: number;
}

export interface Expected {
  /** Whose tree root holds: the label of one generation, whole; null if root must not come up. */
  readonly root: string | null;
  /** Not to come up is as good: what is safe depends on which disk came first. */
  readonly orNotStarted?: true;
  /** Disks whose every byte is as before. */
  readonly untouched?: string;
  /** Of these, one at least is as before. */
  readonly untouchedOneOf?: string;
  /** Members missing at the end, by array. */
  readonly degraded?: Readonly<Record<string, number>>;
  /** Arrays that must not run when root would be mounted. */
  readonly notStarted?: readonly string[];
  /** Seconds since device discovery began at which each degraded start is reported. */
  readonly startedDegradedAfterS?: readonly [number, number];
  /** Seconds from the end of coldplug until the boot went on. */
  readonly wentOnAfterS?: readonly [number, number];
  /** What was said: console, timeline, answers. */
  readonly says?: readonly RegExp[];
  readonly saysNot?: readonly RegExp[];
  /** The contents of all members agree (a check of a whole array). */
  readonly compared?: true;
  /** For controls: what is to be seen of the damage. */
  readonly damage?: readonly ('mixture' | 'mismatches' | 'wrong disk written')[];
}

export interface SafetyCase {
  readonly name: string;
  /** Much like another one, or the control of one: only in a run of everything. */
  readonly alike?: true;
  /** Safety rules and dangers, by the numbers of the design and its research. */
  readonly proves: string;
  readonly title: string;
  readonly on: readonly Release[];
  readonly machine: Machine;
  readonly before: readonly Step[];
  readonly powerOn: PowerOn;
  readonly expect: Expected;
  /** What is otherwise in an image of dracut, whose udev rule assembles only what is listed until the list is given up. */
  readonly onDracut?: Partial<Expected>;
}

// --- how long it took

/** The wait is 3 s; how much later a start comes is the host's affair, and what gives way to the distribution is reported otherwise. */
export const afterTheWait = [3, 60] as const;
/** So long a wait that who did not wait is known on the busiest host. */
export const longWait = ['reliable_raid.wait=60'];
export const beforeLongWaitEnds = [0, 50] as const;

// --- machines

const fineBitmap = '--bitmap=internal --bitmap-chunk=64K';

export function array(
  name: string,
  level: ArrayOfMachine['level'],
  members: string | readonly string[],
  more: Partial<Pick<ArrayOfMachine, 'metadata' | 'options'>> = {},
): ArrayOfMachine {
  const words = typeof members === 'string' ? [...members] : members;
  return { name, level, metadata: '1.2', members: words, options: fineBitmap, ...more };
}

export const machine = (disks: string, ...arrays: readonly ArrayOfMachine[]): Machine => ({
  disks,
  sizeMiB: 64,
  arrays,
  root: arrays.at(-1)?.name ?? '',
});

/** Root on the array of that name; the others are not on the watchlist unless it stands on them. */
export const withRoot = (root: string, made: Machine): Machine => ({ ...made, root });

// --- the past

/** The machine ran with these disks alone and wrote its tree. */
export const ran = (disks: string, label: string): Step => ({
  kind: 'run',
  shell: `power_on_with ${list(disks)} ${label}`,
});
/** It ran with these disks, and its power was cut while it wrote. */
export const cutWhileWriting = (disks: string): Step => ({
  kind: 'cut',
  shell: `cut_while_writing ${list(disks)}`,
});
/** An image was built while the machine had these disks; else it was built when all were new. */
export const imageBuilt = (disks: string): Step => ({
  kind: 'run',
  shell: `open_arrays ${list(disks)}; make_image; close_arrays`,
});
/** The machine noted, with these disks, what is in sync, in its firmware. */
export const ledgerRecorded = (disks: string): Step => ({
  kind: 'run',
  shell: `record_ledger ${list(disks)}`,
});
/** Superblocks carry whole seconds. */
export const secondsLater: Step = { kind: 'run', shell: 'sleep 2' };
export const copied = (from: string, to: string): Step => ({ kind: 'copy', from, to });

export const list = (disks: string): string => [...disks].join(',');
