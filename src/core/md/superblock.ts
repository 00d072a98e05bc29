import type { MdUuid } from './md-uuid.ts';

export type Metadata = '0.90' | '1.0' | '1.1' | '1.2';

/** Role tables have no more entries (super1.c: a superblock is at most 4096 bytes). */
export const MAX_SLOTS = 1920;

/** Why a superblock was refused that may be whole a moment later. */
export const WRONG_CHECKSUM = 'wrong checksum';

/** What a device is in its array: a slot number, or one of the roles without a slot (man md; mdadm --examine, "Device Role"). */
export type Role = number | 'spare' | 'faulty' | 'journal';

/** One slot of the role table that every member carries ("Array State" of mdadm --examine). */
export type SlotState = 'active' | 'missing' | 'replacing';

/**
 * What one member says of its array and of itself. The superblock is the only trustworthy source before an array runs:
 * an inactive array's sysfs shows almost nothing (F5).
 */
export interface Superblock {
  readonly metadata: Metadata;
  readonly arrayUuid: MdUuid;
  /** Device UUID; 0.90 has none, there it is made of the array UUID and the device number. */
  readonly deviceUuid: string;
  /** Name as written, host prefix included; from the disk, so to be escaped before any console. */
  readonly name: string;
  /** md's level number: -1 linear, 0, 1, 4, 5, 6, 10; containers and multipath are others. */
  readonly level: number;
  readonly layout: number;
  readonly chunkBytes: number;
  readonly raidDevices: number;
  /** Number of this device in its array's role table: permanent in 1.x; 0.90 numbers a member by its slot. */
  readonly deviceNumber: number;
  readonly role: Role;
  /** State of each slot 0..raidDevices-1 as this member saw it last. */
  readonly slots: readonly SlotState[];
  /** Device numbers that hold each slot, as this member saw it last: none, one, or two while one replaces the other. */
  readonly slotHolders: readonly (readonly number[])[];
  readonly events: number;
  readonly updateTimeMs: number;
  /** No resync outstanding: what md calls clean (resync_offset at its end), or covered by a partial parity log. */
  readonly clean: boolean;
  readonly hasBitmap: boolean;
  /** Where on the device its bitmap begins; left out where it has none of its own. */
  readonly bitmapAtBytes?: number;
  /** This array was made with a write journal; without it the parity cannot be trusted (F8). */
  readonly needsJournal: boolean;
  readonly reshaping: boolean;
  /**
   * The logical block size in bytes, of an array that was made under Linux 6.19 or later; left out where the field is zero, as in any
   * other. A kernel before that refuses the array.
   */
  readonly logicalBlockBytes?: number;
  /**
   * The reshape under way writes over data that it has not moved yet: a crash loses blocks unless mdadm goes on keeping its backup file.
   * Growing moves away from it, and where the data begins elsewhere by now (new_offset) nothing is written over.
   */
  readonly reshapeNeedsBackup?: true;
  /** This member is being rebuilt: its data is whole only up to this sector; null when it is whole. */
  readonly recoveryOffsetSectors: number | null;
}
