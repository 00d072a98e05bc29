import type { MdUuid } from '../md/md-uuid.ts';
import type { WatchedArray } from './watchlist.ts';

type Standing = Pick<WatchedArray, 'uuid' | 'layer' | 'standsOn'>;

/**
 * What is wrong with the layers of a watchlist, or null: two arrays of one UUID, one that stands on an array that is not
 * listed, or a layer that is not one above the highest it stands on. The last also excludes every loop.
 */
export function layersFault(arrays: readonly Standing[]): string | null {
  const layers = new Map<MdUuid, number>();
  for (const { uuid, layer } of arrays) {
    if (layers.has(uuid)) return `lists array ${uuid} twice`;
    layers.set(uuid, layer);
  }
  for (const { uuid, layer, standsOn } of arrays) {
    let highestBelow = -1;
    for (const below of standsOn) {
      const layerBelow = layers.get(below);
      if (layerBelow === undefined) return `array ${uuid} stands on ${below}, which is not listed`;
      highestBelow = Math.max(highestBelow, layerBelow);
    }
    if (layer !== highestBelow + 1)
      return `array ${uuid} is in layer ${layer} and stands on layer ${highestBelow}: a loop or a damaged list`;
  }
  return null;
}
