import { escapeForConsole } from '../text/escape-console.ts';
import type { DiskIdentity, WatchedArray } from '../watchlist/watchlist.ts';

/** `root`; `md0` for the plain number that mdadm makes of it; the start of the UUID without a name. Safe for a console. */
export function arrayLabel(array: WatchedArray): string {
  return array.name === '' ? array.uuid.slice(0, 8) : nameLabel(array.name, 32);
}

/** An array's name as each message has it, of at most `limit` characters. */
export const nameLabel = (name: string, limit: number): string =>
  /^\d{1,4}$/.test(name) ? `md${name}` : escapeForConsole(name, limit);

/** `WDC WD40EFRX-68N (serial WD-WCC7K1, last seen as ata-3)`; safe for a console. */
export function diskLabel(disk: DiskIdentity): string {
  const model = disk.model === null ? null : escapeForConsole(disk.model, 24);
  const details = [
    disk.serial === null ? null : `serial ${escapeForConsole(disk.serial, 24)}`,
    disk.byId === null || (model !== null && disk.serial !== null)
      ? null
      : `last seen as ${escapeForConsole(disk.byId, 40)}`,
    model === null && disk.serial === null && disk.sizeBytes !== null ? sizeLabel(disk.sizeBytes) : null,
  ].filter((detail) => detail !== null);
  if (model === null && details.length === 0) return 'a disk without a name';
  if (details.length === 0) return model ?? '';
  return model === null ? details.join(', ') : `${model} (${details.join(', ')})`;
}

function sizeLabel(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
