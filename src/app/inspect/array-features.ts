import type { FeaturedArray } from '../../core/inspect/kernel.ts';
import { BITMAP_SUPERBLOCK_BYTES, isLocklessBitmap } from '../../core/md/bitmap-superblock.ts';
import type { MdUuid } from '../../core/md/md-uuid.ts';
import type { PresentMember, Snapshot } from '../../core/snapshot/snapshot.ts';
import type { WatchedArray } from '../../core/watchlist/watchlist.ts';
import type { FactSources } from '../machine.ts';
import { mapInBatches } from '../map-in-batches.ts';
import { deviceNode } from '../read/device-name.ts';

type Reads = Pick<FactSources, 'files' | 'paths'>;

const WIDTH = 16;

/** What these arrays have that older kernels refuse. */
export async function readFeatures(
  machine: Reads,
  arrays: readonly WatchedArray[],
  { members }: Snapshot,
): Promise<readonly FeaturedArray[]> {
  const byArray = new Map<MdUuid, PresentMember[]>();
  for (const member of members) {
    const { arrayUuid } = member.superblock;
    const own = byArray.get(arrayUuid);
    if (own === undefined) byArray.set(arrayUuid, [member]);
    else own.push(member);
  }
  const featured = await mapInBatches(arrays, WIDTH, async (array): Promise<FeaturedArray> => {
    const own = byArray.get(array.uuid) ?? [];
    const isSized = own.some(({ superblock }) => superblock.logicalBlockBytes !== undefined);
    const isLockless = await hasLocklessBitmap(machine, own);
    return {
      array,
      features: [
        ...(isSized ? ['logical-block-size' as const] : []),
        ...(isLockless ? ['llbitmap' as const] : []),
      ],
    };
  });
  return featured.filter(({ features }) => features.length > 0);
}

/** Its members have the same bitmap: the first that can be read tells. */
async function hasLocklessBitmap(
  { files, paths }: Reads,
  members: readonly PresentMember[],
): Promise<boolean> {
  for (const { device, superblock } of members) {
    const { bitmapAtBytes, arrayUuid } = superblock;
    if (bitmapAtBytes === undefined) continue;
    const node = deviceNode(paths.dev, device);
    const bytes = await files.readBytes(node, bitmapAtBytes, BITMAP_SUPERBLOCK_BYTES);
    const isLockless = bytes === null ? null : isLocklessBitmap(bytes, arrayUuid);
    if (isLockless !== null) return isLockless;
  }
  return false;
}
