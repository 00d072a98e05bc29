import { isRunning, type PresentArray } from './snapshot.ts';

/** The links that udev makes for a tag of root=, fstab or crypttab. */
const FOLDERS: Readonly<Record<string, string>> = {
  UUID: 'by-uuid',
  LABEL: 'by-label',
  PARTUUID: 'by-partuuid',
  PARTLABEL: 'by-partlabel',
  ID: 'by-id',
};

/**
 * Where a source that the boot waits for shows up, as a path below /dev without that folder; null for what shows up elsewhere
 * (network, ZFS). Links carry what is not plain in a label as `\xHH` (systemd, udev_node_escape_path).
 */
export function awaitedPath(source: string): string | null {
  const plain = source.replaceAll(/["']/g, '');
  if (plain.startsWith('/dev/')) return isBelowDev(plain.slice(5)) ? plain.slice(5) : null;
  const [, tag = '', value = ''] = /^([A-Z]+)=(.+)$/s.exec(plain) ?? [];
  const folder = FOLDERS[tag];
  if (folder === undefined) return null;
  const name = tag === 'UUID' || tag === 'PARTUUID' ? value.toLowerCase() : value;
  return `disk/${folder}/${name.replaceAll(/[^\w#+\-.:=@\x80-\uffff]/g, hexOf)}`;
}

const isBelowDev = (path: string): boolean => !path.split('/').some((part) => part === '' || part === '..');

const hexOf = (char: string): string => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** A node of an md array is there before the array runs. `device`: the kernel name that the path leads to. */
export function isUsable(device: string, arrays: readonly PresentArray[]): boolean {
  const array = arrays.find((present) => present.device === device);
  return array === undefined || isRunning(array);
}
