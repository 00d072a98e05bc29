import type { FailurePath } from '../image/generator.ts';
import { type BootStage, isGrave, stopsAt } from '../inspect/finding.ts';
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

/** Whether every case comes up unattended, as far as anybody can tell; what is not known promises nothing. */
export const comesUp = ({ forecasts }: Explanation): boolean =>
  forecasts.every(({ outcome, findings = [] }) => outcome === 'up' && !findings.some(isGrave));

/** The stage at which this boot ends; null where it comes up, for all that is known. */
export function endsAt({ outcome, findings = [] }: Forecast): BootStage | null {
  const stage = stopsAt(findings);
  // An image that does not bring root is left before what comes after root.
  return outcome !== 'up' && (stage === null || stage === 'after-root') ? 'arrays' : stage;
}
