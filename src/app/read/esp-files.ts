/** The files of a FAT that firmware reads; names in any case, paths with either slash, as FAT takes them. */
export interface EspFiles {
  /** Names in a folder; none where it is none. */
  names(folder: string): Promise<readonly string[]>;
  isFile(path: string): Promise<boolean>;
  /** The beginning of a file; null where there is none, or it cannot be read. */
  readFile(path: string, maxBytes: number): Promise<Uint8Array | null>;
}
