import * as host from 'host';
import type { EventLoop } from './event-loop.ts';
import { ERROR } from './system-error.ts';

/** Everything a child writes into one pipe, without waiting for it; bytes beyond `mostBytes` are read and dropped. */
export class ChildOutput {
  /** Whether the other end is closed. */
  ended = false;
  private readonly chunks: ArrayBuffer[] = [];
  private keptBytes = 0;
  private readonly fd: number;
  private readonly mostBytes: number;
  private readonly loop: EventLoop;

  constructor(loop: EventLoop, fd: number, mostBytes: number, onEnd: () => void) {
    this.loop = loop;
    this.fd = fd;
    this.mostBytes = mostBytes;
    loop.onReadable(fd, () => {
      const chunk = host.read(fd, 65_536);
      if (typeof chunk === 'number') {
        if (chunk === -ERROR.again) return;
        this.close();
      } else if (chunk.byteLength === 0) this.close();
      else this.keep(chunk);
      if (this.ended) onEnd();
    });
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.keptBytes);
    let at = 0;
    for (const chunk of this.chunks) {
      all.set(new Uint8Array(chunk), at);
      at += chunk.byteLength;
    }
    return all;
  }

  text(): string {
    const all = this.bytes();
    return host.decodeUtf8(all.buffer, 0, all.byteLength);
  }

  close(): void {
    if (this.ended) return;
    this.ended = true;
    this.loop.onReadable(this.fd, null);
    host.close(this.fd);
  }

  private keep(chunk: ArrayBuffer): void {
    const room = this.mostBytes - this.keptBytes;
    const kept = chunk.byteLength <= room ? chunk : chunk.slice(0, room);
    if (kept.byteLength === 0) return;
    this.chunks.push(kept);
    this.keptBytes += kept.byteLength;
  }
}
