import type { Explanation } from '../../explain/explanation.ts';
import type { KeptBoot } from '../../report/kept-boot.ts';
import type { Watchlist } from '../../watchlist/watchlist.ts';

/** All that `reliable-raid report` shows. Texts come from disks and files: escape them. */
export interface MachineReport {
  /** Milliseconds since 1970; 0 where the machine does not tell. */
  readonly nowMs: number;
  readonly hostName: string;
  /** The present one first, then the former ones, the newest first. */
  readonly boots: readonly KeptBoot[];
  /** What the boot stands on; null: see the warnings. */
  readonly list: Watchlist | null;
  /** The next boot, also without each single disk; null: see the warnings. */
  readonly nextBoot: Explanation | null;
  /** Each is one line, safe for a console. */
  readonly warnings: readonly string[];
  /** Serial numbers and the like were left out. */
  readonly isRedacted: boolean;
}
