import type { MdUuid } from '../md/md-uuid.ts';
import type { Metadata, Role } from '../md/superblock.ts';

export const WATCHLIST_SCHEMA = 'reliable-raid/watchlist/1';

/** How a person knows a disk; every text comes from the disk or its firmware and is escaped before a console. */
export interface DiskIdentity {
  /** Name under /dev/disk/by-id, without the folder. */
  readonly byId: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly sizeBytes: number | null;
}

/** A member as last seen on the running system: what it is, and the ledger's line on it. */
export interface WatchedMember {
  /** `slot-N` for a disk of an IMSM or DDF volume, which has none of its own. */
  readonly deviceUuid: string;
  readonly role: Role;
  readonly disk: DiskIdentity;
  readonly ledger: {
    readonly events: number;
    readonly updateTimeMs: number;
    readonly inSync: boolean;
  };
}

export type DegradedPolicy = 'start' | 'ask' | 'never';

export interface WatchedArray {
  readonly uuid: MdUuid;
  /** For show only: the name without its host part, else the kernel name. */
  readonly name: string;
  /** Node it had on the running system, such as `/dev/md0` or `/dev/md/root`; for show and for mdadm.conf's ARRAY line. */
  readonly devicePath: string;
  readonly level: number;
  readonly layout: number;
  readonly raidDevices: number;
  readonly metadata: Metadata | 'imsm' | 'ddf';
  /** UUID of the container that holds it, if any. */
  readonly container: MdUuid | null;
  /** 0 stands on real devices, n on arrays of layer n-1 and below. */
  readonly layer: number;
  /** Mount points (`/`, `/usr`, …) or `resume` that need it. */
  readonly neededBy: readonly string[];
  /** Listed arrays directly below it (through LUKS or LVM too). */
  readonly standsOn: readonly MdUuid[];
  /** Something between the disks and this array must be unlocked first. */
  readonly behindPassphrase: boolean;
  readonly waitMs: number;
  readonly degraded: DegradedPolicy;
  readonly members: readonly WatchedMember[];
  /**
   * The members' ledger lines come from a place outside the image, which is written whenever the set of members in sync
   * changes: nothing can have been rebuilt since without it. Never in the file.
   */
  readonly ledgerIsCurrent?: true;
}

/** A volume in an IMSM or DDF container: only mdadm reads its metadata, and who writes to it needs mdmon. */
export const isExternal = ({ metadata }: Pick<WatchedArray, 'metadata'>): boolean =>
  metadata === 'imsm' || metadata === 'ddf';

/** The dependency tree from a mount down to disks, for `explain` and for show; leaves are disks or what could not be followed. */
export interface DependencyNode {
  /** `mount`, `filesystem`, `crypt`, `lvm`, `thin`, `md`, `partition`, `disk`, `btrfs`, `integrity`, `multipath`, `bcache`, `missing` (a member, named by an earlier list), `unknown`, … */
  readonly kind: string;
  readonly label: string;
  /** File system, LUKS, array or dm UUID, whichever it has. */
  readonly uuid: string | null;
  readonly children: readonly DependencyNode[];
}

/** What the boot obeys, resolved from the configuration when the image was built; all times in milliseconds. */
export interface BootSettings {
  readonly noticeAfterMs: number;
  readonly maxWaitMs: number;
  readonly shell: 'allow' | 'deny';
  readonly stale: 'ask' | 'start';
}

/** How an image opens a mapping; `how` is for comparing only: source, key and options of crypttab, empty without a line there. */
export interface Unlock {
  readonly mapping: string;
  readonly how: string;
}

export interface Watchlist {
  readonly schema: typeof WATCHLIST_SCHEMA;
  readonly hostName: string;
  readonly settings: BootSettings;
  /** Sorted by layer, then UUID. */
  readonly arrays: readonly WatchedArray[];
  readonly tree: readonly DependencyNode[];
  /** What could not be followed: never silently dropped. */
  readonly warnings: readonly string[];
  /** What a person types to build this image anew; absent: UPDATE_INITRAMFS. */
  readonly rebuild?: string;
  /** What the configuration said of arrays that are not listed (gate-policies.ts); absent: nothing is known of it. */
  readonly policies?: string;
  /** How crypttab had the mappings of the tree opened; absent: nothing is known of it. */
  readonly unlocks?: readonly Unlock[];
}

export const DEFAULT_SETTINGS: BootSettings = {
  noticeAfterMs: 10_000,
  maxWaitMs: 180_000,
  shell: 'allow',
  stale: 'ask',
};
