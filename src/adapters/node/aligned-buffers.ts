const PAGE_BYTES = 65_536;

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
  /** Largest read that fits. */
  readonly slotBytes: number;

  /** Throws where the machine gives no WebAssembly memory. */
  constructor(slotBytes: number, slots: number) {
    this.slotBytes = slotBytes;
    const pages = Math.ceil((slotBytes * slots) / PAGE_BYTES);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    for (let slot = 0; slot < slots; slot += 1)
      this.free.push(new Uint8Array(memory.buffer, slot * slotBytes, slotBytes));
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
