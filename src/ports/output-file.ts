/** A file that the person named to be written. */
export interface OutputFile {
  /**
   * A regular file whole or not at all, at the end of every link that leads to it, with the mode and the owner that it had.
   * What is no regular file, such as /dev/null or a FIFO, is written through; a block device and a folder are refused.
   * Rejects with what failed.
   */
  write(path: string, text: string): Promise<void>;
}
