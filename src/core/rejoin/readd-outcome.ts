import type { MdUuid } from '../md/md-uuid.ts';
import type { ReaddRefusal } from './readd-decision.ts';

/** What became of one device that was to be given back to its array. */
export interface ReaddOutcome {
  /** Kernel name. */
  readonly device: string;
  /** How a person knows the disk, such as `WDC WD40EFRX (serial WD-WCC7K1)`; empty when nothing is known. From the disk: escape it. */
  readonly disk: string;
  /** Kernel name of its running array; null when there is none. */
  readonly array: string | null;
  readonly arrayUuid: MdUuid | null;
  /** `rebuilding`: added anew, as configured. `member`: it is one already. `failed`: mdadm would not. `none`: nothing there that could be given back. */
  readonly result: 're-added' | 'rebuilding' | 'would-re-add' | 'member' | 'refused' | 'failed' | 'none';
  readonly code: ReaddRefusal['code'] | null;
  /** Why, for people; free of control characters. */
  readonly reason: string;
  /** What was run or would be. */
  readonly command: string | null;
  /** What a person would type instead, were the content of the disk to be given up. */
  readonly advice: readonly string[];
}
