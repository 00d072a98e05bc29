import { parseUdevRecord } from '../../core/parse/udev-record.ts';
import type { Files } from '../../ports/files.ts';
import type { MachinePaths } from '../machine.ts';

export type UdevRecord = ReadonlyMap<string, string>;

/** Kinds of devices that never carry an md member. Arrays are none of them: one may stand on others. */
export const NEVER_MEMBER = /^(zram|sr|fd|mtdblock)\d/;

/** What udev has written down of a device; null where there is nothing: udev has not seen it yet, or does not run. */
export async function readUdevRecord(
  files: Files,
  { sys, run }: Pick<MachinePaths, 'sys' | 'run'>,
  device: string,
): Promise<UdevRecord | null> {
  const number = (await files.readText(`${sys}/class/block/${device}/dev`))?.trim() ?? '';
  const text = /^\d+:\d+$/.test(number) ? await files.readText(`${run}/udev/data/b${number}`) : null;
  return text === null ? null : parseUdevRecord(text);
}

/** Metadata version of a device that udev calls an md member, empty where it names none; null for any other device. */
export const versionByUdev = (record: UdevRecord): string | null =>
  record.get('ID_FS_TYPE') === 'linux_raid_member' ? (record.get('ID_FS_VERSION') ?? '') : null;

/** udev found no content on it. A partition has the type of the table from its disk (60-persistent-storage.rules). */
export const isBlankByUdev = (record: UdevRecord): boolean =>
  !['ID_FS_TYPE', 'ID_FS_AMBIVALENT'].some((name) => record.has(name)) &&
  (!record.has('ID_PART_TABLE_TYPE') || record.has('ID_PART_ENTRY_NUMBER'));

/** A disk as a person knows it, such as `WDC WD40EFRX (serial WD-WCC7K1)`; empty where udev knows neither. */
export function modelAndSerial(record: UdevRecord): string {
  const serial = record.get('ID_SERIAL_SHORT');
  const words = [record.get('ID_MODEL'), serial === undefined ? undefined : `(serial ${serial})`];
  return words.filter((word) => word !== undefined).join(' ');
}
