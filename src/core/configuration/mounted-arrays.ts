import { type MdUuid, parseMdUuid } from '../md/md-uuid.ts';

/**
 * What fstab, crypttab and swap stand on, as it was last seen, in lines that shell and a program without a parser read: `array UUID`, and
 * `device SECONDS UNIT` where systemd must wait longer than it would.
 */
export interface MountedArrays {
  readonly arrays: readonly MdUuid[];
  readonly devices: readonly TimedDevice[];
}

export interface TimedDevice {
  /** Such as `dev-md0.device`. */
  readonly unit: string;
  readonly seconds: number;
}

const HEADING =
  '# Written by "reliable-raid images --auto" (reliable-raid-config(5)): what fstab, crypttab and swap stand on.\n';
const MAX_LINES = 20_000;

export function formatMountedArrays({ arrays, devices }: MountedArrays): string {
  const lines = [
    ...[...new Set(arrays)].sort().map((uuid) => `array ${uuid}`),
    ...devices.map(({ unit, seconds }) => `device ${seconds} ${unit}`).sort(),
  ];
  return `${HEADING}${lines.map((line) => `${line}\n`).join('')}`;
}

/** A line that is not understood is skipped. */
export function parseMountedArrays(text: string): MountedArrays {
  const lines = text.split('\n', MAX_LINES);
  return {
    arrays: lines.flatMap((line) => {
      const uuid = parseMdUuid(/^array (\S+)$/.exec(line)?.[1] ?? '');
      return uuid.ok ? [uuid.value] : [];
    }),
    devices: lines.flatMap((line) => {
      const [, seconds = '', unit = ''] = /^device (\d{1,7}) ([A-Za-z0-9:_.\\-]+\.device)$/.exec(line) ?? [];
      return unit === '' ? [] : [{ unit, seconds: Number(seconds) }];
    }),
  };
}
