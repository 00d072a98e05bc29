import {
  type ArrayStatus,
  type KnownOfArray,
  type RunningFacts,
  runningStatus,
} from '../../src/core/inspect/array-status.ts';
import type { MachineStatus } from '../../src/core/inspect/machine-status.ts';
import type { MdUuid } from '../../src/core/md/md-uuid.ts';
import type { Report } from '../../src/core/report/report-file.ts';
import { member as present } from './present-members.ts';

// Machines as a person meets them, for what is shown and told of them.

export const NOW_MS = Date.UTC(2026, 10, 28, 11, 0);
export const ROOT = '734f71cb:0c800a0c:01020304:05060708' as MdUuid;
export const DATA = '11111111:22222222:33333333:44444444' as MdUuid;

const OLD_DISK = {
  byId: 'ata-WDC_WD40EFRX-68N32N0_WD-WCC7K1XYZ123-part2',
  model: 'WDC WD40EFRX-68N',
  serial: 'WD-WCC7K1XYZ123',
  sizeBytes: 4e12,
};

export const knownArray = (more: Partial<KnownOfArray> = {}): KnownOfArray => ({
  name: 'root',
  neededBy: ['/'],
  members: [
    {
      deviceUuid: 'device-1',
      role: 1,
      disk: OLD_DISK,
      ledger: { events: 100, updateTimeMs: NOW_MS - 8 * 86_400_000, inSync: true },
    },
  ],
  present: [],
  lastSeen: new Map([['device-1', NOW_MS - 8 * 86_400_000]]),
  calledBefore: new Map(),
  held: [],
  startedDegraded: false,
  isOurs: true,
  ...more,
});

export const runningMirror = (more: Partial<RunningFacts> = {}): RunningFacts => ({
  device: 'md0',
  uuid: ROOT,
  state: 'clean',
  level: 'raid1',
  layout: 0,
  raidDevices: 2,
  degraded: 0,
  members: [
    { device: 'sda2', slot: 0, words: ['in_sync'] },
    { device: 'sdb2', slot: 1, words: ['in_sync'] },
  ],
  sync: null,
  ...more,
});

const ALONE = { degraded: 1, members: [{ device: 'sda2', slot: 0, words: ['in_sync'] }] };

const DATA_ARRAY: ArrayStatus = runningStatus(
  runningMirror({
    device: 'md1',
    uuid: DATA,
    level: 'raid5',
    layout: 2,
    raidDevices: 3,
    members: ['sdc1', 'sdd1', 'sde1'].map((device, slot) => ({ device, slot, words: ['in_sync'] })),
  }),
  knownArray({ name: 'data', neededBy: ['/srv', 'swap'] }),
);

const degradedBoot: Report = {
  discoveryAtMs: 2000,
  outcome: 'up',
  engine: null,
  arrays: [{ uuid: ROOT, name: 'root' }],
  timeline: [
    { atMs: 12_000, kind: 'notice', array: ROOT, missingRoles: [1], waitedMs: 10_000, leftMs: 10_000 },
    { atMs: 22_000, kind: 'deadline', array: ROOT, cause: 'wait-over', missingRoles: [1] },
    {
      ...{ atMs: 22_300, kind: 'array-started', array: ROOT, device: 'md0', state: 'read-auto' },
      ...{ missingCount: 1, degraded: true },
    },
    { atMs: 22_400, kind: 'finished', outcome: 'up' },
  ],
};

export const machineWith = (array: ArrayStatus, more: Partial<MachineStatus> = {}): MachineStatus => ({
  nowMs: NOW_MS,
  arrays: [array, DATA_ARRAY],
  lastBoot: { kind: 'nothing-to-do' },
  image: { kind: 'compared', changes: [] },
  rebuild: 'update-initramfs -u',
  ledger: { kind: 'recorded', atMs: NOW_MS - 2 * 3_600_000, isCurrent: true },
  unreadable: [],
  ...more,
});

export const HEALTHY = machineWith(runningStatus(runningMirror(), knownArray()));

export const REBUILDING = machineWith(
  runningStatus(
    runningMirror({
      degraded: 1,
      members: [
        { device: 'sda2', slot: 0, words: ['in_sync'] },
        { device: 'sdf2', slot: 1, words: ['spare'] },
      ],
      sync: {
        action: 'recover',
        done: { sectors: 3_500_000_000, ofSectors: 7_813_770_895 },
        kibPerS: 151_204,
      },
    }),
    knownArray(),
  ),
);

export const DEGRADED_SINCE_BOOT = machineWith(
  runningStatus(runningMirror(ALONE), knownArray({ startedDegraded: true })),
  { lastBoot: { kind: 'reported', report: degradedBoot } },
);

export const SPLIT_BRAIN_HELD = machineWith(
  runningStatus(
    runningMirror(ALONE),
    knownArray({
      startedDegraded: true,
      held: [
        {
          device: 'sdb2',
          why: 'md0 runs, and it was used without role 0 (sda2), last on 2026-11-26 08:12 UTC',
        },
      ],
      present: [present({ number: 1, device: 'sdb2', events: 120, roles: [null, 1] })],
    }),
  ),
  { lastBoot: { kind: 'reported', report: degradedBoot } },
);

export const OLD_IMAGE: MachineStatus = {
  ...HEALTHY,
  image: {
    kind: 'compared',
    changes: [{ what: 'new', uuid: DATA, name: 'data' }],
  },
};
