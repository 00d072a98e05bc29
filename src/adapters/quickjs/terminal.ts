import * as host from 'host';
import type { OpenConsole } from '../../ports/consoles.ts';
import type { EventLoop } from './event-loop.ts';
import { ERROR } from './system-error.ts';

/** A terminal that takes nothing (flow control, a dead line) is not waited for beyond this. */
const MAX_PENDING_CHARACTERS = 65_536;

/** One open terminal: what it cannot take at once waits its turn, and the program goes on. */
export class Terminal implements OpenConsole {
  readonly name: string;
  private readonly fd: number;
  private readonly loop: EventLoop;
  private pending: string[] = [];
  private pendingCharacters = 0;
  private writtenBytes = 0;
  private gone = false;
  private whenDrained: (() => void) | null = null;

  private constructor(loop: EventLoop, name: string, fd: number) {
    this.loop = loop;
    this.name = name;
    this.fd = fd;
  }

  /** Raw and listening, or as it is and deaf where nobody hears; null when it cannot be opened or is not a terminal. */
  static open(
    loop: EventLoop,
    name: string,
    path: string,
    onInput: ((name: string, bytes: Uint8Array) => void) | null,
  ): Terminal | null {
    const fd = host.openTerminal(path);
    if (fd < 0) return null;
    if (onInput === null) return new Terminal(loop, name, fd);
    if (host.makeRaw(fd) < 0) {
      host.close(fd);
      return null;
    }
    const terminal = new Terminal(loop, name, fd);
    loop.onReadable(fd, () => {
      const typed = host.read(fd, 4096);
      if (typed === -ERROR.again) return;
      if (typeof typed === 'number' || typed.byteLength === 0) loop.onReadable(fd, null);
      else onInput(name, new Uint8Array(typed));
    });
    return terminal;
  }

  write(text: string): void {
    if (this.gone || text === '' || this.pendingCharacters + text.length > MAX_PENDING_CHARACTERS) return;
    this.pending.push(text);
    this.pendingCharacters += text.length;
    this.flush();
  }

  /** Resolves when all is written, and at the latest after `timeoutMs`. */
  drain(timeoutMs: number): Promise<void> {
    if (this.pending.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.loop.after(timeoutMs, () => this.whenDrained?.());
      this.whenDrained = () => {
        this.whenDrained = null;
        cancel();
        resolve();
      };
    });
  }

  close(): void {
    this.gone = true;
    this.loop.onReadable(this.fd, null);
    this.loop.onWritable(this.fd, null);
    host.close(this.fd);
  }

  private flush(): void {
    for (let text = this.pending[0]; text !== undefined; text = this.pending[0]) {
      const put = host.write(this.fd, text, this.writtenBytes);
      if (put === -ERROR.again) {
        this.loop.onWritable(this.fd, () => this.flush());
        return;
      }
      if (put < 0) {
        this.gone = true;
        this.pending = [];
        break;
      }
      this.writtenBytes += put;
      if (put > 0) continue;
      this.writtenBytes = 0;
      this.pending.shift();
      this.pendingCharacters -= text.length;
    }
    this.loop.onWritable(this.fd, null);
    this.whenDrained?.();
  }
}
