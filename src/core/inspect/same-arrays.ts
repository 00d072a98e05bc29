import type { WatchedArray, Watchlist } from '../watchlist/watchlist.ts';

/** Whether two lists watch the same arrays in the same way: what an image must have been built with. Members may have changed since. */
export function sameArrays(a: Pick<Watchlist, 'arrays'>, b: Pick<Watchlist, 'arrays'>): boolean {
  return JSON.stringify(a.arrays.map(keyOf).sort()) === JSON.stringify(b.arrays.map(keyOf).sort());
}

const keyOf = ({
  uuid,
  level,
  raidDevices,
  layer,
  standsOn,
  behindPassphrase,
  waitMs,
  degraded,
}: WatchedArray) =>
  JSON.stringify([uuid, level, raidDevices, layer, [...standsOn].sort(), behindPassphrase, waitMs, degraded]);
