import type { FailurePath } from '../image/generator.ts';
import type { AbsentMembers } from '../topology/absent-members.ts';
import type { DiskIdentity } from '../watchlist/watchlist.ts';
import type { Forecast } from './simulate-boot.ts';

/** A disk as the person knows it, and whether the boot has to do with it. */
export interface KnownDisk {
  /** Kernel name. */
  readonly device: string;
  readonly identity: DiskIdentity;
  /** A boot mount, or a member of a listed array, is on it. */
  readonly isUsed: boolean;
}

/** Everything `reliable-raid explain` has to tell. */
export interface Explanation {
  readonly forecasts: readonly Forecast[];
  readonly disks: ReadonlyMap<string, KnownDisk>;
  /** Members that were missing before any disk was taken away; nothing where none is. */
  readonly absent?: AbsentMembers;
  /** What the image does where root does not come. */
  readonly failurePath: FailurePath;
  /** Something is needed before root that could not be followed: nothing can be promised. */
  readonly needsUnlisted?: true;
}

export const comesUp = ({ forecasts }: Explanation): boolean =>
  forecasts.every(({ outcome }) => outcome === 'up');
