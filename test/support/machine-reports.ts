import fc from 'fast-check';
import type { Explanation } from '../../src/core/explain/explanation.ts';
import type { Forecast } from '../../src/core/explain/simulate-boot.ts';
import type { MachineReport } from '../../src/core/render/report/machine-report.ts';
import type { KeptBoot } from '../../src/core/report/kept-boot.ts';
import { DEFAULT_SETTINGS, WATCHLIST_SCHEMA, type Watchlist } from '../../src/core/watchlist/watchlist.ts';
import { keptBoot, reportOf } from './kept-boots.ts';
import { watched } from './present-members.ts';
import { SAMPLE_REPORT } from './sample-report.ts';
import { NOW_MS, ROOT } from './status-machines.ts';

/** What disks, files and programs may call things. */
export interface Names {
  readonly host: string;
  readonly array: string;
  readonly mount: string;
  readonly model: string;
  readonly serial: string;
  readonly byId: string;
  readonly kind: string;
  readonly uuid: string;
  readonly detail: string;
}

export const PLAIN_NAMES: Names = {
  host: 'web1',
  array: 'root',
  mount: '/',
  model: 'WDC WD40EFRX-68N',
  serial: 'WD-WCC7K1XYZ123',
  byId: 'ata-WDC_WD40EFRX-68N32N0_WD-WCC7K1XYZ123',
  kind: 'disk',
  uuid: ROOT,
  detail: 'mdadm: no such device',
};

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    `"'><img src=x onerror=y>`,
    '&amp;',
    '</style>',
    '-->',
    '\x1b[2J',
    '\u202e',
  ),
);

/** Names that somebody chose who wants to take over what shows them. */
export const hostileNames: fc.Arbitrary<Names> = fc.record({
  ...{ host: text, array: text, mount: text, model: text, serial: text, byId: text },
  ...{ kind: text, uuid: text, detail: text },
});

export const forecastOf = (more: Partial<Forecast> = {}): Forecast => ({
  ...{ taken: [], outcome: 'up', rootAfterMs: 0, endAfterMs: 30_000, stopsAtLayer: null },
  ...{ passphrase: 'none', arrays: [], mounts: [] },
  ...more,
});

/** A machine whose second disk is gone, with a former boot of every kind of entry. */
export function machineReport(names: Names = PLAIN_NAMES, more: Partial<MachineReport> = {}): MachineReport {
  const identity = { byId: names.byId, model: names.model, serial: names.serial, sizeBytes: 4e12 };
  const array = { ...watched(), uuid: ROOT, name: names.array, neededBy: [names.mount] };
  const list: Watchlist = {
    schema: WATCHLIST_SCHEMA,
    hostName: names.host,
    settings: DEFAULT_SETTINGS,
    arrays: [
      {
        ...array,
        members: [
          {
            ...{ deviceUuid: 'device-0', role: 0, disk: identity },
            ledger: { events: 1, updateTimeMs: NOW_MS, inSync: true },
          },
        ],
      },
    ],
    tree: [
      {
        kind: 'mount',
        label: names.mount,
        uuid: names.uuid,
        children: [
          {
            kind: names.kind,
            label: `sda ${names.model} (serial ${names.serial})`,
            uuid: null,
            children: [],
          },
          { kind: 'lvm', label: `${names.host}-vg/root`, uuid: null, children: [] },
          { kind: 'missing', label: `role 1: ${names.byId}`, uuid: names.uuid, children: [] },
        ],
      },
    ],
    warnings: [],
  };
  const nextBoot: Explanation = {
    forecasts: [
      forecastOf(),
      forecastOf({
        ...{ taken: ['sda'], outcome: 'stops', rootAfterMs: null },
        mounts: [{ name: names.mount, isThere: false }],
      }),
    ],
    disks: new Map([['sda', { device: 'sda', identity, isUsed: true }]]),
    absent: new Map([
      [ROOT, [{ role: 1, deviceUuid: null, disk: `${names.model} (serial ${names.serial})` }]],
    ]),
    failurePath: { kind: 'shell' },
  };
  const boots: readonly KeptBoot[] = [
    keptBoot(reportOf([{ atMs: 2300, kind: 'engine-started' }])),
    keptBoot({
      ...SAMPLE_REPORT,
      arrays: [{ uuid: ROOT, name: names.array }],
      timeline: [
        ...SAMPLE_REPORT.timeline,
        { atMs: 9000, kind: 'shell-denied', detail: names.detail },
        { atMs: 9001, kind: 'member-arrived', array: ROOT, device: names.detail },
      ],
    }),
    keptBoot(null),
  ];
  return {
    ...{ nowMs: NOW_MS, hostName: names.host, boots, list, nextBoot, isRedacted: false },
    warnings: [],
    ...more,
  };
}
