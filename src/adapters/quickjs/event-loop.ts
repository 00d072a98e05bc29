import * as host from 'host';
import { SIGNAL } from './signals.ts';

interface Timer {
  readonly atMs: number;
  readonly call: () => void;
}

/** What Node gives for free: descriptors, timers, ended children and signals, one callback after the other. */
export class EventLoop {
  private readonly readers = new Map<number, () => void>();
  private readonly writers = new Map<number, () => void>();
  private readonly children = new Map<number, (status: number) => void>();
  private timers: readonly Timer[] = [];
  private readonly signalFd: number;

  constructor() {
    this.signalFd = host.openSignals();
    this.readers.set(this.signalFd, () => this.takeSignals());
    host.eachTurn(() => this.turn());
  }

  nowMs(): number {
    return host.nowMs();
  }

  /** Calls once after `delayMs`; the returned function cancels. */
  after(delayMs: number, call: () => void): () => void {
    const timer: Timer = { atMs: host.nowMs() + Math.max(0, delayMs), call };
    const later = this.timers.findIndex(({ atMs }) => atMs > timer.atMs);
    const at = later === -1 ? this.timers.length : later;
    this.timers = [...this.timers.slice(0, at), timer, ...this.timers.slice(at)];
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
  }

  /** Calls whenever there is something to read, or the other end is gone; null ends it. */
  onReadable(fd: number, call: (() => void) | null): void {
    if (call === null) this.readers.delete(fd);
    else this.readers.set(fd, call);
  }

  onWritable(fd: number, call: (() => void) | null): void {
    if (call === null) this.writers.delete(fd);
    else this.writers.set(fd, call);
  }

  /** Calls once with what `host.wait` says when that child has ended; it is reaped then. */
  onExit(pid: number, call: (status: number) => void): void {
    this.children.set(pid, call);
  }

  private turn(): boolean {
    const idle = this.readers.size === 1 && this.writers.size === 0 && this.children.size === 0;
    const next = this.timers[0];
    if (idle && next === undefined) return false;
    const timeoutMs = next === undefined ? -1 : Math.max(0, Math.ceil(next.atMs - host.nowMs()));
    const readFds = [...this.readers.keys()];
    const writeFds = [...this.writers.keys()];
    const ready = host.poll(
      [...readFds, ...writeFds],
      [...readFds.map(() => false), ...writeFds.map(() => true)],
      timeoutMs,
    );
    for (const place of ready) {
      const reading = readFds[place];
      const writing = writeFds[place - readFds.length];
      // Looked up again: an earlier callback may have ended it.
      if (reading !== undefined) this.readers.get(reading)?.();
      else if (writing !== undefined) this.writers.get(writing)?.();
    }
    this.callDueTimers();
    return true;
  }

  private callDueTimers(): void {
    const nowMs = host.nowMs();
    for (const timer of this.timers.filter(({ atMs }) => atMs <= nowMs)) {
      if (!this.timers.includes(timer)) continue;
      this.timers = this.timers.filter((other) => other !== timer);
      timer.call();
    }
  }

  private takeSignals(): void {
    for (let signal = host.takeSignal(this.signalFd); signal > 0; signal = host.takeSignal(this.signalFd)) {
      if (signal !== SIGNAL.child) this.endBySignal(signal);
    }
    for (const [pid, call] of this.children) {
      const status = host.wait(pid);
      if (status === null) continue;
      this.children.delete(pid);
      call(status);
    }
  }

  /** Asked to end: the children go first, with all that they started; the terminals are restored by the last call. */
  private endBySignal(signal: number): never {
    for (const pid of this.children.keys()) host.kill(-pid, SIGNAL.kill);
    host.endBySignal(signal);
  }
}
