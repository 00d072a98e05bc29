import type { EventLoop } from './event-loop.ts';
import { ReaderProcess, type ReadRequest } from './reader-process.ts';

/** Each has a process; those of dying disks are left behind. */
const MAX_PROCESSES = 16;

/** Disks that answer at once share a process; when they let others wait for so long, one more is started. */
const PATIENCE_MS = 5;

/** A dying disk may take minutes to answer; the boot does not wait for it. */
const TIMEOUT_MS = 5_000;

/** Reads from block devices, which may take as long as a dying disk takes; everything else goes on meanwhile. */
export class BlockReader {
  private readonly waiting: ReadRequest[] = [];
  private readonly idle: ReaderProcess[] = [];
  /** Devices whose last read has not come back yet, though nobody waits for it any more: not asked again meanwhile. */
  private readonly hanging = new Set<string>();
  private processes = 0;
  private patience: (() => void) | null = null;
  private readonly loop: EventLoop;

  constructor(loop: EventLoop) {
    this.loop = loop;
  }

  /** Null when they cannot all be read, or not in time. */
  read(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    if (length === 0) return Promise.resolve(new Uint8Array(0));
    if (this.hanging.has(path)) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.waiting.push({ path, offset, length, done: resolve });
      this.handOut();
    });
  }

  private handOut(): void {
    while (this.waiting.length > 0) {
      const reader = this.idleReader() ?? (this.processes === 0 ? this.startProcess() : null);
      if (reader === null) break;
      const request = this.waiting.shift();
      if (request !== undefined) this.ask(reader, request);
    }
    if (this.processes === 0) for (const { done } of this.waiting.splice(0)) done(null);
    this.growLater();
  }

  private idleReader(): ReaderProcess | null {
    for (let reader = this.idle.pop(); reader !== undefined; reader = this.idle.pop()) {
      if (reader.usable) return reader;
      this.processes -= 1;
    }
    return null;
  }

  private ask(reader: ReaderProcess, request: ReadRequest): void {
    const cancel = this.loop.after(TIMEOUT_MS, () => this.giveUp(reader, request));
    reader.ask({
      ...request,
      done: (bytes) => {
        cancel();
        request.done(bytes);
        if (reader.usable) this.idle.push(reader);
        else this.processes -= 1;
        this.handOut();
      },
    });
  }

  private giveUp(reader: ReaderProcess, request: ReadRequest): void {
    this.hanging.add(request.path);
    reader.abandon(() => this.hanging.delete(request.path));
    this.processes -= 1;
    request.done(null);
    this.handOut();
  }

  private growLater(): void {
    if (this.patience !== null || this.waiting.length === 0 || this.processes >= MAX_PROCESSES) return;
    this.patience = this.loop.after(PATIENCE_MS, () => {
      this.patience = null;
      const reader = this.waiting.length > 0 ? this.startProcess() : null;
      if (reader !== null) this.idle.push(reader);
      this.handOut();
    });
  }

  private startProcess(): ReaderProcess | null {
    const reader = ReaderProcess.start(this.loop);
    if (reader !== null) this.processes += 1;
    return reader;
  }
}
