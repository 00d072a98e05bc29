// What was seen of one boot, as data.

import type { Report } from '../../../src/core/report/report-file.ts';
import type { ConsoleLine } from '../vm/serial-console.ts';
import type { Ending } from './scenario.ts';

export interface Outcome {
  readonly ending: Ending | 'limit';
  readonly lines: readonly ConsoleLine[];
  /** The console's lines as one text. */
  readonly text: string;
  /** What the commands of each boot before this one said. */
  readonly priorText: readonly string[];
  /** The product's report, if it wrote one. */
  readonly report: Report | undefined;
  /** The one about arrays that root does not need. */
  readonly laterReport: Report | undefined;
  /** By the name the layout gives them; an array that nothing has touched is not listed. */
  readonly arrays: Readonly<Record<string, ArrayState>>;
  readonly mounts: Readonly<Record<string, string>>;
  readonly failedUnits: readonly string[];
  readonly jobs: readonly string[];
  readonly prompts: number;
  /** What the host did to the machine meanwhile, if it was enough to doubt what was seen. */
  readonly disturbance: string | undefined;
  readonly screens: Readonly<Record<string, string>>;
  /** Screens that a step waited for in vain, and what was read on them last. */
  readonly lacking: Readonly<Record<string, string>>;
  /** Guest seconds of the kernel's line about the root file system. */
  readonly rootMountedAt: number | undefined;
  /** Guest seconds at which the boot image's /init was started. */
  readonly initStartedAt: number | undefined;
  /** Seconds until then that the machine waited for a processor of a busy host. */
  readonly starvedBeforeRoot: number;
  /** When each step was done, in guest seconds. */
  readonly stepsAt: readonly number[];
  readonly image: BootImage;
  /** The image of the same machine without the product, where an expectation needs it. */
  readonly stockImage?: BootImage;
  /** Disks whose member superblocks differ from what they were before the boot. */
  readonly changedSuperblocks: readonly string[];
  /** Disks with any byte that differs from before the boot; looked at where the halves of a mirror ran alone. */
  readonly changedDisks: readonly string[];
  /** Which half of such a mirror root was started from, by what root holds. */
  readonly rootOfHalf: string | undefined;
  /** `same` where root's files have the sums that a boot before wrote down (KEEP_SUMS), else what md5sum says of them. */
  readonly data: string | undefined;
  /** The same machine with the same past, booted without the product. */
  readonly stock?: StockOutcome;
}

export type StockOutcome = Pick<
  Outcome,
  'ending' | 'rootMountedAt' | 'initStartedAt' | 'starvedBeforeRoot' | 'data' | 'failedUnits' | 'disturbance'
>;

export interface BootImage {
  readonly files: readonly string[];
  readonly bytes: number;
}

export interface ArrayState {
  readonly kernelName: string;
  readonly state: string;
  readonly degraded: number | undefined;
}
