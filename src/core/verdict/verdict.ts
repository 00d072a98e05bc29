import type { PresentVolume } from './judge-volume.ts';

/** What the present superblocks of one listed array allow. */
export type Verdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'insufficient'; readonly missingRoles: readonly number[] }
  /** `degradedBefore`: the present members say so, and the ledger agrees that nothing else is to be expected: no reason to wait. */
  | { readonly kind: 'startable'; readonly missingRoles: readonly number[]; readonly degradedBefore: boolean }
  | { readonly kind: 'complete' }
  | { readonly kind: 'active'; readonly device: string; readonly degraded: number }
  | { readonly kind: 'unsafe'; readonly reason: UnsafeReason; readonly missingRoles: readonly number[] };

/** Why an array that has enough members is still not started automatically. Texts come from disks: escape them before a console. */
export type UnsafeReason =
  /** `reshape`: one is under way that must not go on without its backup file. */
  | { readonly code: 'dirty-degraded' | 'journal-missing' | 'reshape' }
  | { readonly code: 'unknown-level'; readonly level: number }
  /** Two that were each used without the other; or one that is in sync, and was not when this machine last saw it. */
  | { readonly code: 'split-brain'; readonly members: readonly SplitMember[] }
  | {
      readonly code: 'stale';
      readonly writtenMs: number;
      /** Events that this copy lacks, and what has seen them: a member that is missing, or a spare or journal that is present. */
      readonly behind: number;
      readonly newer:
        | { readonly writtenMs: number }
        | { readonly device: string; readonly role: 'spare' | 'faulty' | 'journal' };
    }
  | {
      readonly code: 'duplicate-members';
      readonly devices: readonly [string, string];
      readonly role: number;
      /** Both devices say that they are this disk; null where they do not. */
      readonly disk: string | null;
    }
  | {
      readonly code: 'external-metadata';
      readonly metadata: string;
      /** Null when nobody asked mdadm. */
      readonly disks: ExternalDisks | null;
    };

export interface SplitMember {
  readonly device: string;
  readonly role: number;
  readonly writtenMs: number;
}

/** What the present disks of a container say of one of its volumes. */
export interface ExternalDisks {
  /** mdadm cannot say what is on these. */
  readonly unread: readonly string[];
  /** Disks of its container that do not know it. */
  readonly silent: readonly string[];
  /** Null when none knows it. */
  readonly volume: PresentVolume | null;
  /** The md device of its container, while that holds the disks. */
  readonly container: string | null;
}
