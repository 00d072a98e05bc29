import * as host from 'host';
import type { EventLoop } from './event-loop.ts';

/** More at once are not begun: dying disks must not take all memory. */
const MOST_AT_ONCE = 64;

/** Reads from block devices, which may take as long as a dying disk takes; everything else goes on meanwhile. */
export class BlockReader {
  private readonly waiting = new Map<number, (result: Uint8Array | null) => void>();
  private nextId = 1;
  private fds: { readonly toRead: number; readonly toWrite: number } | null = null;
  private readonly loop: EventLoop;

  constructor(loop: EventLoop) {
    this.loop = loop;
  }

  /** Null when they cannot all be read. */
  read(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    if (length === 0) return Promise.resolve(new Uint8Array(0));
    const finished = this.finishedFds();
    if (finished === null || this.waiting.size >= MOST_AT_ONCE) return Promise.resolve(null);
    const id = this.nextId++;
    if (host.beginReadAt(id, path, offset, length, finished.toWrite) < 0) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.loop.onReadable(finished.toRead, () => this.take(finished.toRead));
    });
  }

  private finishedFds(): typeof this.fds {
    if (this.fds !== null) return this.fds;
    const pipe = host.pipe();
    if (typeof pipe !== 'number') this.fds = { toRead: pipe[0], toWrite: pipe[1] };
    return this.fds;
  }

  private take(fd: number): void {
    const taken = host.takeReadAt(fd);
    if (typeof taken === 'number') return;
    const [id, result] = taken;
    this.waiting.get(id)?.(typeof result === 'number' ? null : new Uint8Array(result));
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.loop.onReadable(fd, null);
  }
}
