import type { Watchlist } from '../watchlist/watchlist.ts';
import type { KnownPlace, RecordedPlace } from './places.ts';
import type { ObservedEntry } from './plan-record.ts';

/** What `reliable-raid ledger` found and did. */
export interface LedgerFindings {
  readonly nowMs: number;
  /** Nothing was written: `recorded` says what would have been. */
  readonly dryRun: boolean;
  readonly running: readonly ObservedEntry[];
  /** Members that may not be read, and why: an array of theirs that is not in `running` may run. */
  readonly denied: readonly { readonly device: string; readonly why: string }[];
  readonly known: readonly KnownPlace[];
  /** Null where it is not known which arrays the boot needs. */
  readonly watchlist: Watchlist | null;
  readonly recorded: readonly RecordedPlace[];
  /** What a person types to build the boot images anew. */
  readonly rebuild: string;
}
