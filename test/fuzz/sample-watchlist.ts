import { mdUuidFromBytes } from '../../src/core/md/md-uuid.ts';
import {
  DEFAULT_SETTINGS,
  WATCHLIST_SCHEMA,
  type WatchedArray,
  type Watchlist,
} from '../../src/core/watchlist/watchlist.ts';

/** A whole, plain watchlist: so many arrays, each on the one before it. */
export function sampleWatchlist(arrays: number): Watchlist {
  return {
    schema: WATCHLIST_SCHEMA,
    hostName: 'host',
    settings: DEFAULT_SETTINGS,
    arrays: Array.from({ length: arrays }, (_, n) => sampleArray(n)),
    tree: [
      {
        kind: 'mount',
        label: '/',
        uuid: null,
        children: [{ kind: 'md', label: 'root', uuid: uuid(0), children: [] }],
      },
    ],
    warnings: ['/srv: /dev/sdq cannot be followed'],
  };
}

const uuid = (n: number) => mdUuidFromBytes(new Uint8Array(16).fill(n + 1));

function sampleArray(n: number): WatchedArray {
  return {
    uuid: uuid(n),
    name: 'host:root',
    devicePath: `/dev/md/root${n}`,
    level: 1,
    layout: 0,
    raidDevices: 2,
    metadata: '1.2',
    container: null,
    layer: n,
    neededBy: ['/', 'resume'],
    standsOn: n === 0 ? [] : [uuid(n - 1)],
    behindPassphrase: n > 0,
    waitMs: 20_000,
    degraded: 'start',
    members: [0, 1].map((role) => ({
      deviceUuid: uuid(16 + 2 * n + role),
      role,
      disk: { byId: `ata-DISK_${role}`, model: 'DISK', serial: `S${role}`, sizeBytes: 4_000_787_030_016 },
      ledger: { events: 42, updateTimeMs: 1_700_000_000_000, inSync: true },
    })),
  };
}
