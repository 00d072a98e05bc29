const PAGE_BYTES = 65_536;
const SLOT_BYTES = 4096;

declare const WebAssembly: {
  readonly Memory: new (size: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };
};

/**
 * Buffers at addresses that O_DIRECT accepts. Node's own lie anywhere; the memory of WebAssembly begins on a page.
 * There are few: a caller waits for a free one.
 */
export class AlignedBuffers {
  private readonly free: Uint8Array[] = [];
  private readonly waiting: ((slot: Uint8Array) => void)[] = [];

  /** Throws where the machine gives no WebAssembly memory. */
  constructor() {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
    for (let at = 0; at < PAGE_BYTES; at += SLOT_BYTES)
      this.free.push(new Uint8Array(memory.buffer, at, SLOT_BYTES));
  }

  /** Largest read that fits. */
  get slotBytes(): number {
    return SLOT_BYTES;
  }

  async take(): Promise<Uint8Array> {
    return this.free.pop() ?? new Promise((resolve) => this.waiting.push(resolve));
  }

  give(slot: Uint8Array): void {
    const next = this.waiting.shift();
    if (next === undefined) this.free.push(slot);
    else next(slot);
  }
}
