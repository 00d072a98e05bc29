/** Bytes that are free for use, of the one file system that `df -P -k PATH` shows; null where it shows none. */
export function freeBytes(text: string): number | null {
  const [, line] = text.trim().split('\n');
  // Filesystem 1024-blocks Used Available Capacity Mounted on: a name may hold blanks, a capacity is never far from the end.
  const [, free] = /\s\d+\s+\d+\s+(\d+)\s+(?:\d+%|-)\s+\//.exec(line ?? '') ?? [];
  return free === undefined ? null : Number(free) * 1024;
}
