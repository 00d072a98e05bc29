import type { DiskIdentity } from '../watchlist/watchlist.ts';
import type { BlockGraph, BlockNode } from './block-graph.ts';

/** Names under /dev/disk/by-id by kernel name. */
export type ByIdNames = ReadonlyMap<string, readonly string[]>;

/** The links a person recognises first; those made of the contents (md, LVM) only where there is nothing else. */
const PREFERENCE: readonly RegExp[] = [
  /^ata-/,
  /^nvme-(?!eui\.|nvme\.|uuid\.)/,
  /^scsi-(?!3)/,
  /^(usb|virtio|mmc|ieee1394|memstick)-/,
  /^scsi-/,
  /^nvme-/,
  /^wwn-/,
  /^dm-name-/,
  /^md-name-/,
  /^md-uuid-/,
  /./,
];

/** How a person knows the disk below a member: the model and serial of the disk, the by-id name of the member itself. */
export function diskIdentity(member: string, graph: BlockGraph, byIdNames: ByIdNames): DiskIdentity {
  const disk = onlyDiskBelow(member, graph);
  const sizeBytes = graph.get(member)?.device?.sizeBytes ?? null;
  return {
    byId: bestName(byIdNames.get(member)) ?? (disk === null ? null : bestName(byIdNames.get(disk.id))),
    model: disk?.device?.model ?? null,
    serial: disk?.device?.serial ?? null,
    sizeBytes,
  };
}

/** The name under /dev/disk/by-id that a person recognises. */
export function bestName(names: readonly string[] = []): string | null {
  for (const pattern of PREFERENCE) {
    const name = names.find((candidate) => pattern.test(candidate));
    if (name !== undefined) return name;
  }
  return null;
}

/** The device that a chain of single steps ends in; null where the way forks, as at an array. */
function onlyDiskBelow(id: string, graph: BlockGraph): BlockNode | null {
  let node = graph.get(id);
  for (let steps = 0; node !== undefined && steps < 64; steps += 1) {
    const [below, ...others] = node.standsOn;
    if (below === undefined) return node;
    if (others.length > 0 || node.kind === 'md') return null;
    node = graph.get(below);
  }
  return null;
}
