import type { Superblock } from '../md/superblock.ts';

/** A device with a superblock, before it counts as a member. */
export interface Claim {
  readonly device: string;
  readonly superblock: Superblock;
  /** Kernel name of the array that holds it, or null. */
  readonly boundTo: string | null;
}

/**
 * Disks that must not count, since a partition of theirs does: a superblock at the end of the last partition is at the end of
 * the disk too (0.90 does not say where it belongs), and one that was on the whole disk stays readable below a partition
 * table made later. What an array holds counts; what lies on a held partition cannot be had. Else a superblock that
 * both show is the partition's, and where udev does not tell, every partition's superblock goes before its disk's.
 * `partitionsOf` gives the kernel names of a disk's partitions.
 */
export function claimsToDrop(
  claims: readonly Claim[],
  partitionsOf: ReadonlyMap<string, readonly string[]>,
  hasUdev: boolean,
): ReadonlySet<string> {
  const byDevice = new Map(claims.map((claim) => [claim.device, claim]));
  const dropped = new Set<string>();
  for (const disk of claims) {
    const partitions = (partitionsOf.get(disk.device) ?? []).flatMap((name) => byDevice.get(name) ?? []);
    if (disk.boundTo !== null) {
      for (const { device } of partitions) dropped.add(device);
      continue;
    }
    const coverDisk = partitions.some(
      (partition) => !hasUdev || partition.boundTo !== null || isSame(partition.superblock, disk.superblock),
    );
    if (coverDisk) dropped.add(disk.device);
  }
  return dropped;
}

const isSame = (a: Superblock, b: Superblock): boolean =>
  a.arrayUuid === b.arrayUuid && a.deviceUuid === b.deviceUuid;
