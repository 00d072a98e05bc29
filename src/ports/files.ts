/** The machine's files. Reads give null where there is nothing to read, whatever the reason, unless they say otherwise. */
export interface Files {
  /** Whole text of a small file (sysfs, proc, configuration); null when unreadable. At most `maxBytes` (default 1 MiB) are read. */
  readText(path: string, maxBytes?: number): Promise<string | null>;
  /** Like readText, and says why it failed: `missing`, `denied`, `error`. */
  readTextOrReason(
    path: string,
    maxBytes?: number,
  ): Promise<{ text: string } | { reason: 'missing' | 'denied' | 'error'; detail: string }>;
  /** `length` bytes from `offset` of a file or block device; null when they cannot all be read. */
  readBytes(path: string, offset: number, length: number): Promise<Uint8Array | null>;
  /** A file from its beginning, as its file system shows it; at most `maxBytes`. null when unreadable. */
  readFile(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Names in a folder, sorted; empty when it is none. */
  list(path: string): Promise<readonly string[]>;
  /** Target of a symbolic link as written; null when it is none. */
  readLink(path: string): Promise<string | null>;
  /** Path with every symbolic link followed; null when it leads nowhere. */
  realPath(path: string): Promise<string | null>;
  exists(path: string): Promise<boolean>;
  /** `major:minor` of the block device that a path leads to, through links; null when it leads to none. */
  deviceNumber(path: string): Promise<string | null>;
  /** For files that must last (S13): temporary name, sync, rename, sync of the folder. Rejects with what failed. */
  writeDurably(path: string, text: string): Promise<void>;
  /** One plain write, for sysfs attributes and /run marks. Rejects with what failed. */
  writeValue(path: string, text: string): Promise<void>;
  /** A symbolic link that is not there yet, whole at once; false where anything is. Of several who try, one gets true. Rejects with what else failed. */
  createLink(path: string, target: string): Promise<boolean>;
  /** A folder and those above it; no error where it is already. */
  makeFolder(path: string): Promise<void>;
  /** A file; no error where none is. */
  remove(path: string): Promise<void>;
}
