/** What the present superblocks of one listed array allow. */
export type Verdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'insufficient'; readonly missingRoles: readonly number[] }
  /** `degradedBefore`: the present members say so, and the ledger agrees that nothing else is to be expected: no reason to wait. */
  | { readonly kind: 'startable'; readonly missingRoles: readonly number[]; readonly degradedBefore: boolean }
  | { readonly kind: 'complete' }
  | { readonly kind: 'active'; readonly device: string; readonly degraded: number }
  | { readonly kind: 'unsafe'; readonly reason: UnsafeReason; readonly missingRoles: readonly number[] };

/** Why an array that has enough members is still not started by itself. `text` is for people and already free of control characters. */
export interface UnsafeReason {
  readonly code:
    | 'dirty-degraded'
    | 'journal-missing'
    | 'split-brain'
    | 'stale'
    | 'duplicate-members'
    | 'reshape'
    | 'external-metadata'
    | 'unknown-level';
  readonly text: string;
}
