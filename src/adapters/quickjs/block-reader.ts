import * as host from 'host';
import type { EventLoop } from './event-loop.ts';

/** More at once are not begun: each has a thread, and those of dying disks stay. */
const MOST_AT_ONCE = 128;

/** A dying disk may take minutes to answer; the boot does not wait for it. */
const TIMEOUT_MS = 5_000;

type Finish = (result: Uint8Array | null) => void;

/** Reads from block devices, which may take as long as a dying disk takes; everything else goes on meanwhile. */
export class BlockReader {
  private readonly underWay = new Map<number, Finish>();
  private nextId = 1;
  private pipe: readonly [toRead: number, toWrite: number] | null = null;
  private readonly loop: EventLoop;

  constructor(loop: EventLoop) {
    this.loop = loop;
  }

  /** Null when they cannot all be read, or not in time. */
  async read(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    if (length === 0) return new Uint8Array(0);
    const pipe = this.finishedPipe();
    if (pipe === null || this.underWay.size >= MOST_AT_ONCE) return null;
    const [toRead, toWrite] = pipe;
    const id = this.nextId++;
    if (host.beginReadAt(id, path, offset, length, toWrite) < 0) return null;
    return new Promise((resolve) => {
      const cancel = this.loop.after(TIMEOUT_MS, () => resolve(null));
      this.underWay.set(id, (result) => {
        cancel();
        resolve(result);
      });
      this.loop.onReadable(toRead, () => this.take(toRead));
    });
  }

  private finishedPipe(): typeof this.pipe {
    if (this.pipe === null) {
      const pipe = host.pipe();
      if (typeof pipe !== 'number') this.pipe = pipe;
    }
    return this.pipe;
  }

  private take(fd: number): void {
    const taken = host.takeReadAt(fd);
    if (typeof taken === 'number') return;
    const [id, result] = taken;
    const finish = this.underWay.get(id);
    this.underWay.delete(id);
    if (this.underWay.size === 0) this.loop.onReadable(fd, null);
    finish?.(typeof result === 'number' ? null : new Uint8Array(result));
  }
}
