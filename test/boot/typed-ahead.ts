import { closeSync, constants, openSync, readSync } from 'node:fs';

/**
 * Takes away what was typed on a terminal before anybody read it, as while a guest was built: none of it was meant for the
 * guest. The terminal must be in raw mode, since half a line cannot be read otherwise. Waits for nothing. Returns how many bytes.
 */
export function dropTypedAhead(terminal: string): number {
  let dropped = 0;
  let fd: number | null = null;
  try {
    fd = openSync(terminal, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const keys = Buffer.alloc(4096);
    for (let got = readSync(fd, keys); got > 0; got = readSync(fd, keys)) dropped += got;
  } catch {
    // EAGAIN: there is no more. A terminal of somebody else cannot be opened: then it stays as it is.
  } finally {
    if (fd !== null) closeSync(fd);
  }
  return dropped;
}
