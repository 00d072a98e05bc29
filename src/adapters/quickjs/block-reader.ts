import * as host from 'host';
import { ChildOutput } from './child-output.ts';
import type { EventLoop } from './event-loop.ts';
import { SIGNAL } from './signals.ts';

/** More at once are not begun: each has a process, and those of dying disks stay. */
const MOST_AT_ONCE = 96;

/** A dying disk may take minutes to answer; the boot does not wait for it. */
const TIMEOUT_MS = 5_000;

/** Reads from block devices, which may take as long as a dying disk takes; everything else goes on meanwhile. */
export class BlockReader {
  private underWay = 0;
  private readonly loop: EventLoop;

  constructor(loop: EventLoop) {
    this.loop = loop;
  }

  /** Null when they cannot all be read, or not in time. */
  async read(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    if (length === 0) return new Uint8Array(0);
    if (this.underWay >= MOST_AT_ONCE) return null;
    const begun = host.beginReadAt(path, offset, length);
    if (typeof begun === 'number') return null;
    const [pid, fd] = begun;
    this.underWay += 1;
    this.loop.onExit(pid, () => {
      this.underWay -= 1;
    });
    return new Promise((resolve) => {
      const output = new ChildOutput(this.loop, fd, length, () => {
        cancel();
        const bytes = output.bytes();
        resolve(bytes.length === length ? bytes : null);
      });
      const cancel = this.loop.after(TIMEOUT_MS, () => {
        output.close();
        host.kill(pid, SIGNAL.kill);
        resolve(null);
      });
    });
  }
}
