import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import type { WatchedArray } from '../../src/core/watchlist/watchlist.ts';

/** A mirror of two under root, with nothing said of its members. */
export const watchedMirror = (uuid: MdUuid, more: Partial<WatchedArray> = {}): WatchedArray => ({
  uuid,
  name: 'root',
  devicePath: '/dev/md0',
  level: 1,
  layout: 0,
  raidDevices: 2,
  metadata: '1.2',
  container: null,
  layer: 0,
  neededBy: ['/'],
  standsOn: [],
  behindPassphrase: false,
  waitMs: 20_000,
  degraded: 'start',
  members: [],
  ...more,
});
