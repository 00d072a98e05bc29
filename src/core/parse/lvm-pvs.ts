import type { Result } from '../result/result.ts';
import { readShape, type Shape } from './json-reader.ts';

/** A physical volume and the volume group it belongs to, as `pvs` reports them. */
export interface PhysicalVolume {
  /** `major:minor`; null for one whose device LVM does not find. */
  readonly majorMinor: string | null;
  /** As LVM calls it: any name under /dev, `[unknown]` where it finds none. For show only. */
  readonly path: string;
  readonly uuid: string;
  /** 32 characters without dashes, as at the start of its logical volumes' dm UUIDs; empty when it is in no group. */
  readonly groupId: string;
  readonly groupName: string;
  /** How many physical volumes the group has by its own metadata. */
  readonly groupSize: number;
}

/** Which devices LVM may use is a matter of its own commands: what lies on which array is not (lvm.conf(5), lvmdevices(8)). */
const ALL_DEVICES =
  'devices/filter=["a|.*|"] devices/global_filter=["a|.*|"] devices/use_devicesfile=0 log/report_command_log=0';

/** One call for the whole machine. */
export const PVS: readonly [string, ...string[]] = [
  'pvs',
  '--readonly',
  '--reportformat',
  'json',
  '--config',
  ALL_DEVICES,
  '-o',
  'vg_uuid,vg_name,pv_count,pv_uuid,pv_name,pv_major,pv_minor',
];

const MAX_VOLUMES = 100_000;

/** Reads the output of PVS; what is no such report is a failure, since an array may be missing from it. */
export function parsePvs(text: string, at = 'pvs'): Result<readonly PhysicalVolume[]> {
  return readShape(text, at, (top) =>
    top
      .field('report')
      .list(64, (report) => report.field('pv').list(MAX_VOLUMES, readVolume))
      .flat(),
  );
}

function readVolume(item: Shape): PhysicalVolume {
  const [major, minor] = [readNumber(item.field('pv_major')), readNumber(item.field('pv_minor'))];
  return {
    majorMinor: major === null || minor === null ? null : `${major}:${minor}`,
    path: item.field('pv_name').text(4096),
    uuid: item.field('pv_uuid').text(64),
    groupId: item.field('vg_uuid').text(64).replaceAll('-', ''),
    groupName: item.field('vg_name').text(256),
    groupSize: readNumber(item.field('pv_count')) ?? 0,
  };
}

/** LVM prints numbers as text, and -1, or nothing, for what it does not know. */
function readNumber(field: Shape): number | null {
  const value = field.raw();
  if (typeof value === 'number') return value < 0 ? null : field.integer(0, Number.MAX_SAFE_INTEGER);
  const text = field.text(16, /^(-?\d{1,15})?$/);
  return text === '' || text.startsWith('-') ? null : Number(text);
}
