import type { BlockDevice } from '../parse/lsblk-json.ts';

/** A block device, or what several together make: a btrfs, the rest of a volume group. */
export interface BlockNode {
  /** Kernel name; `btrfs:UUID` and `vg:ID` for what is none. */
  readonly id: string;
  readonly kind: string;
  /** What a person calls it: the name under /dev/mapper, else the kernel name. */
  readonly name: string;
  readonly device: BlockDevice | null;
  readonly dmUuid: string | null;
  readonly standsOn: readonly string[];
}

/** Block devices by id. An edge may name a device that is missing. */
export type BlockGraph = ReadonlyMap<string, BlockNode>;
