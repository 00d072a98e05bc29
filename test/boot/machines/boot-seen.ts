// What was seen of one boot of a random machine, as data.
import type { Report } from '../../../src/core/report/report-file.ts';
import type { Device } from './machine-plan.ts';

export interface SeenMember {
  readonly device: Device;
  readonly inSync: boolean;
  /** Its slot, as md says; left out where it has none. */
  readonly role?: number;
}

export interface SeenArray {
  /** md's word (array_state). */
  readonly state: string;
  readonly degraded: number;
  readonly members: readonly SeenMember[];
}

/** The kernel's own line about an array that it started. */
export interface KernelStart {
  readonly array: string;
  readonly atMs: number;
  readonly active: number;
  readonly of: number;
}

export interface BootSeen {
  /** `limit`: none of the others within the time that the slowest boot takes. */
  readonly ending: 'system' | 'shell' | 'rest' | 'limit';
  readonly report: Report | null;
  /** When the machine began to look for its devices, in milliseconds since the kernel started. */
  readonly discoveryAtMs: number;
  /** By the plan's name; what is not there is not listed. */
  readonly arrays: Readonly<Record<string, SeenArray>>;
  readonly starts: readonly KernelStart[];
  /** Checksum of the tree that root holds; null where root is not mounted. */
  readonly digest: string | null;
  /** By array: sectors that its members do not agree on; only of arrays that have all of them. */
  readonly mismatches: Readonly<Record<string, number>>;
  /** What the run wrote, if it did: its number and the checksum. */
  readonly wrote: { readonly run: number; readonly digest: string } | null;
  /** Members of other arrays that any byte was written to. */
  readonly changedOthers: readonly Device[];
  /** Disks that were asked to go and did. */
  readonly went: readonly string[];
  /** What the running system said of the next boot. */
  readonly explained: Forecast | null;
}

/** What `reliable-raid explain --json` says of one case. */
export interface Forecast {
  /** It said something else than a forecast. */
  readonly problem?: string;
  readonly outcome: 'up' | 'asks' | 'stops';
  readonly rootAfterMs: number | null;
  readonly arrays: readonly {
    readonly uuid: string;
    readonly state: 'found' | 'started' | 'not-started';
    readonly startedAfterMs: number | null;
    readonly missingRoles: readonly number[];
    readonly stopsTheBoot: boolean;
    readonly canBeAnswered: boolean;
  }[];
}

const RUNS = /^(clean|active|active-idle|read-auto|readonly|write-pending)$/;

export const runs = (array: SeenArray | undefined): boolean => array !== undefined && RUNS.test(array.state);
