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
  readonly #socket: Duplex;
  readonly #now: () => number;
  readonly #lines: RawLine[] = [];
  readonly #listeners = new Set<() => void>();
  #raw = '';
  #kernelStart = Number.POSITIVE_INFINITY;

  constructor(socket: Duplex, now: () => number) {
    this.#socket = socket;
    this.#now = now;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk.toString('latin1')));
    socket.on('error', () => undefined);
  }

  /** Host seconds at which the guest's kernel started; unknown until it has said something. */
  get kernelStart(): number | undefined {
    return Number.isFinite(this.#kernelStart) ? this.#kernelStart : undefined;
  }

  get raw(): string {
    return this.#raw;
  }

  get lines(): readonly ConsoleLine[] {
    return this.#lines.map((line) => {
      const text = readable(line.text);
      const stamp = kernelStamp.exec(text)?.[1];
      const guest = stamp === undefined ? line.host - (this.kernelStart ?? 0) : Number(stamp);
      return { text, host: line.host, guest };
    });
  }

  /** Calls `listener` with all that arrives from now on, one character a byte. */
  onData(listener: (bytes: string) => void): void {
    this.#socket.on('data', (chunk: Buffer) => listener(chunk.toString('latin1')));
  }

  send(text: string): void {
    this.#socket.write(Buffer.from(text, 'latin1'));
  }

  /** Resolves with the end of the match, once `pattern` matches the raw text from `from` on. */
  waitFor(pattern: RegExp, from = 0, signal?: AbortSignal): Promise<number> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(readable(this.#raw.slice(from)));
        if (match === null) return;
        done();
        resolve(this.#raw.length);
      };
      const abort = () => {
        done();
        reject(new Error(`the console never showed ${pattern}`));
      };
      const done = () => {
        this.#listeners.delete(look);
        signal?.removeEventListener('abort', abort);
      };
      this.#listeners.add(look);
      signal?.addEventListener('abort', abort);
      if (signal?.aborted === true) abort();
      else look();
    });
  }

  #receive(text: string): void {
    const host = this.#now();
    this.#raw += text;
    for (const [index, part] of text.split('\n').entries()) {
      const last = this.#lines.at(-1);
      if (index === 0 && last !== undefined) last.text += part;
      else if (index > 0 || part !== '') this.#lines.push({ text: part, host });
      this.#learnKernelStart(part, host);
    }
    for (const listener of this.#listeners) listener();
  }

  #learnKernelStart(text: string, host: number): void {
    const stamp = kernelStamp.exec(text)?.[1];
    // a line can only arrive after it was stamped, so the earliest start that any line allows is the best guess
    if (stamp !== undefined) this.#kernelStart = Math.min(this.#kernelStart, host - Number(stamp));
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
