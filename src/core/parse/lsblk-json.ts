import { ok, type Result } from '../result/result.ts';
import { readShape, type Shape } from './json-reader.ts';

/** A block device, as lsblk reports it. */
export interface BlockDevice {
  /** Kernel name as in sysfs, such as `sda1`; `cciss!c0d0` for what lsblk prints as `cciss/c0d0`. */
  readonly device: string;
  /** Kernel name of the disk a partition is on; of one of several devices below where there are more. */
  readonly parent: string | null;
  readonly path: string;
  /** `disk`, `part`, `raid1`, `crypt`, `lvm`, `loop`, `rom`, … */
  readonly type: string;
  readonly sizeBytes: number | null;
  readonly fsType: string | null;
  readonly label: string | null;
  readonly uuid: string | null;
  readonly partLabel: string | null;
  readonly partUuid: string | null;
  /** GUID of its kind (GPT), or `0x..` (MBR); left out where lsblk does not say. */
  readonly partType?: string;
  readonly model: string | null;
  readonly serial: string | null;
  readonly majorMinor: string | null;
}

const COLUMNS =
  'KNAME,PKNAME,PATH,TYPE,SIZE,FSTYPE,LABEL,UUID,PARTLABEL,PARTUUID,PARTTYPE,MODEL,SERIAL,MAJ:MIN';

/** As a list (`-l`) every device appears once; as a tree it would appear once for each way up to it. */
export const LSBLK: readonly [string, ...string[]] = ['lsblk', '--json', '-l', '-b', '-o', COLUMNS];

const MAX_DEVICES = 100_000;

/** Reads the output of LSBLK. */
export function parseLsblkJson(text: string, at = 'lsblk'): Result<readonly BlockDevice[]> {
  const read = readShape(text, at, (top) => top.field('blockdevices').list(MAX_DEVICES, readDevice));
  if (!read.ok) return read;
  const byDevice = new Map(read.value.map((device) => [device.device, device]));
  return ok([...byDevice.values()]);
}

function readDevice(item: Shape): BlockDevice {
  const text = (name: string): string | null => {
    const value = item.field(name).raw();
    if (value === null || value === undefined || value === '') return null;
    return item.field(name).text(1024).trim();
  };
  const name = item.field('kname').text(255, KERNEL_NAME);
  return {
    device: inSysfs(name),
    parent: inSysfsOrNull(text('pkname')),
    path: text('path') ?? `/dev/${name}`,
    type: text('type') ?? 'unknown',
    sizeBytes: readSize(item.field('size').raw()),
    fsType: text('fstype'),
    label: text('label'),
    uuid: text('uuid'),
    partLabel: text('partlabel'),
    partUuid: text('partuuid'),
    model: text('model'),
    serial: text('serial'),
    majorMinor: text('maj:min'),
    ...withKind(text('parttype')),
  };
}

const withKind = (partType: string | null) => (partType === null ? {} : { partType: partType.toLowerCase() });

/** Folders, as in `cciss/c0d0`, but none that lead elsewhere. */
const KERNEL_NAME = /^(?!\.{0,2}(?:\/|$))[!-.0-~]+(?:\/(?!\.{0,2}(?:\/|$))[!-.0-~]+)*$/;

/** A name of the kernel's with a slash has a `!` in its place in sysfs. */
const inSysfs = (name: string): string => name.replaceAll('/', '!');

const inSysfsOrNull = (name: string | null): string | null => (name === null ? null : inSysfs(name));

/** A number; older releases of lsblk print it as a string. */
function readSize(value: unknown): number | null {
  const bytes = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null;
}
