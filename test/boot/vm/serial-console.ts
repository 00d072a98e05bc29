// What a guest says on a serial port: raw text, and lines stamped with the host's and the guest's clock.
import type { Duplex } from 'node:stream';

export interface ConsoleLine {
  readonly text: string;
  /** Seconds since the machine was started, by the host's clock, when the line began to arrive. */
  readonly host: number;
  /** Seconds since the kernel started: its own stamp if the line carries one, else computed from the host's clock. */
  readonly guest: number;
}

interface RawLine {
  text: string;
  readonly host: number;
}

const kernelStamp = /\[\s*(\d+\.\d{6})\]/;

export class SerialConsole {
  private readonly socket: Duplex;
  private readonly now: () => number;
  private readonly rawLines: RawLine[] = [];
  private readonly listeners = new Set<() => void>();
  private received = '';
  private kernelStartedAt = Number.POSITIVE_INFINITY;

  constructor(socket: Duplex, now: () => number) {
    this.socket = socket;
    this.now = now;
    socket.on('data', (chunk: Buffer) => this.receive(chunk.toString('latin1')));
    socket.on('error', () => undefined);
  }

  /** Host seconds at which the guest's kernel started; unknown until it has said something. */
  get kernelStart(): number | undefined {
    return Number.isFinite(this.kernelStartedAt) ? this.kernelStartedAt : undefined;
  }

  get raw(): string {
    return this.received;
  }

  get lines(): readonly ConsoleLine[] {
    return this.rawLines.map((line) => {
      const text = readable(line.text);
      const stamp = kernelStamp.exec(text)?.[1];
      const guest = stamp === undefined ? line.host - (this.kernelStart ?? 0) : Number(stamp);
      return { text, host: line.host, guest };
    });
  }

  /** Calls `listener` with all that arrives from now on, one character a byte. */
  onData(listener: (bytes: string) => void): void {
    this.socket.on('data', (chunk: Buffer) => listener(chunk.toString('latin1')));
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, 'latin1'));
  }

  /** Resolves with the end of the match, once `pattern` matches the raw text from `from` on. */
  waitFor(pattern: RegExp, from = 0, signal?: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(readable(this.received.slice(from)));
        if (match === null) return;
        done();
        resolve(this.received.length);
      };
      const abort = () => {
        done();
        reject(new Error(`the console never showed ${pattern}`));
      };
      const done = () => {
        this.listeners.delete(look);
        signal?.removeEventListener('abort', abort);
      };
      this.listeners.add(look);
      signal?.addEventListener('abort', abort);
      if (signal?.aborted === true) abort();
      else look();
    });
  }

  private receive(text: string): void {
    const host = this.now();
    this.received += text;
    for (const [index, part] of text.split('\n').entries()) {
      const last = this.rawLines.at(-1);
      if (index === 0 && last !== undefined) last.text += part;
      else if (index > 0 || part !== '') this.rawLines.push({ text: part, host });
      this.learnKernelStart(part, host);
    }
    for (const listener of this.listeners) listener();
  }

  private learnKernelStart(text: string, host: number): void {
    const stamp = kernelStamp.exec(text)?.[1];
    // a line can only arrive after it was stamped, so the earliest start that any line allows is the best guess
    if (stamp !== undefined) this.kernelStartedAt = Math.min(this.kernelStartedAt, host - Number(stamp));
  }
}

/** Received bytes as a person sees them: UTF-8, without terminal control sequences and carriage returns. */
export function readable(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  return text.replace(
    /\x1b\[[0-9;?]*[ -/]*[@-~]|\x1b[()][0-9A-B]|\x1b[=>78c]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\r/g,
    '',
  );
}
