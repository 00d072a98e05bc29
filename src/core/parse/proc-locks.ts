/**
 * Inodes of files of which /proc/locks says that a program holds a lock; a program that waits for one (`->`) holds none. Devices are
 * not looked at: btrfs and overlays name others there than stat(2) does. Other lines are skipped.
 */
export function lockedInodes(text: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (const line of text.split('\n')) {
    const [, kind = '', , , , file = ''] = line.trim().split(/\s+/);
    const [, inode] = /^[0-9a-f]+:[0-9a-f]+:(\d{1,15})$/i.exec(file) ?? [];
    if (kind !== '->' && inode !== undefined) found.add(Number(inode));
  }
  return found;
}
