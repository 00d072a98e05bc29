import { close, constants, open, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import type { OpenConsole } from '../../ports/consoles.ts';

/** A serial line at 9600 baud takes 4 s for this much; what a stuck one does not take is thrown away. */
const MAX_QUEUED_BYTES = 16_384;
const RETRY_MS = 20;
/** A console that cannot be opened in this time is none. */
const OPEN_TIMEOUT_MS = 2000;

/**
 * One terminal in raw mode: no echo, no line editing, Ctrl-C is a byte like any other. Reading and writing never wait: the
 * descriptors are non-blocking, and Node's own terminal output is not used because it blocks.
 */
export class RawTerminal implements OpenConsole {
  readonly name: string;
  private readonly input: ReadStream;
  private readonly outputFd: number;
  private queued: Buffer = Buffer.alloc(0);
  private retry: NodeJS.Timeout | null = null;
  private closed = false;

  /** Null when it cannot be opened in time or is not a terminal. */
  static async open(
    name: string,
    path: string,
    onInput: (bytes: Uint8Array) => void,
  ): Promise<RawTerminal | null> {
    const fds: number[] = [];
    try {
      for (let i = 0; i < 2; i++) fds.push(await openTerminal(path));
      const [inputFd, outputFd] = fds as [number, number];
      return new RawTerminal(name, inputFd, outputFd, onInput);
    } catch {
      for (const fd of fds) close(fd, () => undefined);
      return null;
    }
  }

  private constructor(name: string, inputFd: number, outputFd: number, onInput: (bytes: Uint8Array) => void) {
    this.name = name;
    this.outputFd = outputFd;
    this.input = new ReadStream(inputFd);
    // A line that hangs up is a console less, no more.
    this.input.on('error', () => undefined);
    this.input.on('data', (chunk: Buffer) => onInput(chunk));
    this.input.setRawMode(true);
  }

  write(text: string): void {
    if (this.closed) return;
    const bytes = Buffer.from(text.replaceAll('\n', '\r\n'), 'utf8');
    if (this.queued.length + bytes.length > MAX_QUEUED_BYTES) return;
    this.queued = Buffer.concat([this.queued, bytes]);
    if (this.retry === null) this.writeQueued();
  }

  /** Gives the terminal back as it was. At once, without waiting: it is also called when the program is about to end. */
  restore(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.retry !== null) clearTimeout(this.retry);
    try {
      this.input.setRawMode(false);
    } catch {
      // It has hung up.
    }
    this.input.destroy();
    close(this.outputFd, () => undefined);
  }

  /** Resolves when all was written, or soon when the line does not take it. */
  async drained(): Promise<void> {
    for (let i = 0; i < 25 && this.retry !== null; i++) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  private writeQueued(): void {
    this.retry = null;
    try {
      while (this.queued.length > 0)
        this.queued = this.queued.subarray(writeSync(this.outputFd, this.queued));
    } catch (error) {
      const full = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!full) this.queued = Buffer.alloc(0);
      else this.retry = setTimeout(() => this.writeQueued(), RETRY_MS);
    }
  }
}

/** A file descriptor of the terminal that is not made our controlling terminal and does not wait for a carrier. */
function openTerminal(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      reject(new Error(`${path} cannot be opened`));
    }, OPEN_TIMEOUT_MS);
    const flags = constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK;
    open(path, flags, (error, fd) => {
      clearTimeout(timer);
      if (error !== null) reject(error);
      else if (late) close(fd, () => undefined);
      else resolve(fd);
    });
  });
}
