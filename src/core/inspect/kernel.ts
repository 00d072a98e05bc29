import type { WatchedArray } from '../watchlist/watchlist.ts';
import type { Grade } from './grade.ts';
import { type InstalledKernel, kernelRelease } from './installed-kernel.ts';

/** What a superblock has that older kernels refuse. */
export type ArrayFeature = 'logical-block-size' | 'llbitmap';

/** A listed array with such features. */
export interface FeaturedArray {
  readonly array: WatchedArray;
  readonly features: readonly ArrayFeature[];
}

export interface KernelFinding {
  readonly stage: 'kernel';
  readonly grade: Grade;
  readonly code: 'too-old' | 'no-version';
  readonly kernel: string;
  readonly isDefault: boolean;
  readonly array: WatchedArray;
  readonly feature: ArrayFeature;
  /** As in `6.19`. */
  readonly needs: string;
}

/**
 * Since when a kernel takes it. The logical block size was padding that had to be zero (drivers/md/md.c, super_1_validate); a bitmap of
 * version 6 was of no version (drivers/md/md-bitmap.c, md_bitmap_read_sb).
 */
const SINCE: Readonly<Record<ArrayFeature, readonly [number, number]>> = {
  'logical-block-size': [6, 19],
  llbitmap: [6, 18],
};

/** Which installed kernel refuses which array. */
export function judgeKernels(
  kernels: readonly InstalledKernel[],
  arrays: readonly FeaturedArray[],
): readonly KernelFinding[] {
  return kernels.flatMap(({ version, isDefault }) =>
    arrays.flatMap(({ array, features }) =>
      features.flatMap((feature): KernelFinding[] => {
        const since = SINCE[feature];
        const release = kernelRelease(version);
        if (release !== null && isAtLeast(release, since)) return [];
        const about = { kernel: version, isDefault, array, feature, needs: since.join('.') };
        return release === null
          ? [{ stage: 'kernel', grade: isDefault ? 'unknown' : 'note', code: 'no-version', ...about }]
          : [{ stage: 'kernel', grade: isDefault ? 'stop' : 'note', code: 'too-old', ...about }];
      }),
    ),
  );
}

const isAtLeast = ([major, minor]: readonly [number, number], since: readonly [number, number]): boolean =>
  major > since[0] || (major === since[0] && minor >= since[1]);
