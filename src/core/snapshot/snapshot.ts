import type { ArrayState } from '../md/array-state.ts';
import type { MdUuid } from '../md/md-uuid.ts';
import type { Superblock } from '../md/superblock.ts';
import type { ExaminedMember } from '../parse/mdadm-examine.ts';

/** A block device that carries an md superblock, as present now. */
export interface PresentMember {
  /** Kernel name, such as `sda1`; lives no longer than this boot. */
  readonly device: string;
  readonly superblock: Superblock;
  /** Kernel name of the array that holds it, or null when nothing has bound it. */
  readonly boundTo: string | null;
  /** The holding array's word on it (`dev-X/state`): it has been failed or its disk is gone. */
  readonly faulty: boolean;
  /** What distinguishes its disk (or partition) from any other, by udev: WWN or serial number. Left out where udev does not know. */
  readonly disk?: string;
  /** mdadm, asked by udev, has said that its array is one of this machine (MD_FOREIGN). Left out where it has not. */
  readonly isLocal?: true;
  /** The gate keeps it from mdadm (SYSTEMD_READY=0). Left out where it does not. */
  readonly isHeld?: true;
}

/** A disk of a container that is present. */
export interface ExternalMember {
  /** Kernel name. */
  readonly device: string;
  /** What mdadm reports about it; null where it cannot. */
  readonly examined: ExaminedMember | null;
}

/** An md device node, as sysfs shows it. */
export interface PresentArray {
  /** Kernel name, such as `md0` or `md127`. */
  readonly device: string;
  readonly state: ArrayState;
  /** IMSM or DDF: container or a volume in one; never touched by us. */
  readonly external: boolean;
  /** From sysfs when active, else from its bound members' superblocks; null when neither says. */
  readonly uuid: MdUuid | null;
  /** `md/degraded`: number of missing slots; null for levels without redundancy and for inactive arrays. */
  readonly degraded: number | null;
  /**
   * Kernel names of what it holds although the disk is gone. An inactive array keeps such a member for good, refuses the disk
   * when it is plugged in again, and would count it when run: it must be stopped, and assembled of what is present.
   */
  readonly deadMembers: readonly string[];
}

/** Everything the engine judges by. */
export interface Snapshot {
  readonly members: readonly PresentMember[];
  readonly arrays: readonly PresentArray[];
  /** Whether what the boot waits for can be used; left out where nobody asked, or it cannot be seen. */
  readonly awaitedIsThere?: boolean;
  /** Disks of IMSM and DDF containers, as mdadm examined them; left out where nobody asked. */
  readonly external?: readonly ExternalMember[];
  /**
   * Kernel names of devices that are present under a name that the watchlist gives a member (`/dev/disk/by-id`, without the
   * folder), while no superblock with that member's device UUID is. Left out where there is none.
   */
  readonly byName?: ReadonlyMap<string, string>;
}

export const EMPTY_SNAPSHOT: Snapshot = { members: [], arrays: [] };

const RUNNING_STATES: ReadonlySet<ArrayState> = new Set([
  'readonly',
  'read-auto',
  'clean',
  'active',
  'write-pending',
  'active-idle',
]);

/** Started: its data can be read. */
export const isRunning = (array: PresentArray): boolean => RUNNING_STATES.has(array.state);
