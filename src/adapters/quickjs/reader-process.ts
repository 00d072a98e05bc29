import * as host from 'host';
import type { EventLoop } from './event-loop.ts';
import { SIGNAL } from './signals.ts';
import { ERROR } from './system-error.ts';

export interface ReadRequest {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
  /** Called once; null: it cannot be read. */
  readonly done: (bytes: Uint8Array | null) => void;
}

/** One process that reads for us, one request after the other; native/reader.c is its other side. */
export class ReaderProcess {
  /** False once it has ended or was abandoned. */
  usable = true;
  private request: ReadRequest | null = null;
  /** The answer: a byte that says whether it is one, and what was asked for. */
  private answer: Uint8Array = new Uint8Array(0);
  private answered = 0;
  private readonly loop: EventLoop;
  private readonly pid: number;
  private readonly toAsk: number;
  private readonly toHear: number;

  private constructor(loop: EventLoop, pid: number, toAsk: number, toHear: number) {
    this.loop = loop;
    this.pid = pid;
    this.toAsk = toAsk;
    this.toHear = toHear;
    loop.onExit(pid, () => this.end());
  }

  static start(loop: EventLoop): ReaderProcess | null {
    const started = host.startReader();
    return typeof started === 'number' ? null : new ReaderProcess(loop, ...started);
  }

  /** Only when the last request is done. */
  ask(request: ReadRequest): void {
    this.request = request;
    this.answer = new Uint8Array(1 + request.length);
    this.answered = 0;
    const { path, offset, length } = request;
    const asked = host.askReader(this.toAsk, path, offset, length);
    // A path that is too long, for example, is not the process's fault.
    if (asked === -ERROR.invalid) this.finish(null);
    else if (asked < 0) this.end();
    else this.loop.onReadable(this.toHear, () => this.hear());
  }

  /** It hangs: it is killed, and calls when the disk has let it end. Its request is not done. */
  abandon(whenEnded: () => void): void {
    this.request = null;
    this.loop.onExit(this.pid, whenEnded);
    host.kill(this.pid, SIGNAL.kill);
    this.end();
  }

  private hear(): void {
    const chunk = host.read(this.toHear, this.answer.length - this.answered);
    if (chunk === -ERROR.again) return;
    if (typeof chunk === 'number' || chunk.byteLength === 0) {
      this.end();
      return;
    }
    this.answer.set(new Uint8Array(chunk), this.answered);
    this.answered += chunk.byteLength;
    if (this.answer[0] !== 1) this.finish(null);
    else if (this.answered === this.answer.length) this.finish(this.answer.subarray(1));
  }

  private finish(bytes: Uint8Array | null): void {
    this.loop.onReadable(this.toHear, null);
    const { request } = this;
    this.request = null;
    request?.done(bytes);
  }

  private end(): void {
    if (!this.usable) return;
    this.usable = false;
    this.finish(null);
    host.close(this.toAsk);
    host.close(this.toHear);
  }
}
