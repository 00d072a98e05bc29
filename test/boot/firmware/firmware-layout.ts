// The words in which a machine is written that is started by its firmware: disks as its installer leaves them, then what its administrator types.
import type { Layout } from '../guest/layout.ts';
import type { Firmware } from '../vm/machine.ts';

export interface FirmwareLayout {
  readonly name: string;
  readonly title: string;
  readonly suite: string;
  readonly firmware: Firmware;
  /** Installed under user-mode Linux; nothing on its disks can be booted by firmware yet. */
  readonly disks: Layout;
  /** Another machine, whose disks and variables these commands are typed on; without it, on `disks`, started by their kernel. */
  readonly after?: string;
  /** Typed as root on the running machine, one after the other; each must succeed. `printed`: those that `explain --each` prints there. */
  readonly commands: readonly string[] | 'printed';
  /** Faults that `explain --each` must name before any disk is taken: in its words, and with a remedy. */
  readonly names?: readonly RegExp[];
  /** `explain --each` must promise every start. */
  readonly promisesAll?: true;
}

/** One power-on: without this disk, or, where that is null, with all of them. */
export interface Row {
  readonly layout: FirmwareLayout;
  readonly absent: string | null;
}

export const rowsOf = (layout: FirmwareLayout): readonly Row[] =>
  [null, ...Object.keys(layout.disks.disks)].map((absent) => ({ layout, absent }));

export const rowName = ({ layout, absent }: Row): string => `${layout.name}:${absent ?? 'whole'}`;

/** How a person names a disk for good. */
export const diskLink = (disk: string): string => `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${disk}`;
