/** Time that only moves forward: milliseconds since the kernel started (CLOCK_MONOTONIC). */
export interface Clock {
  nowMs(): number;
  /** Calls once after `delayMs`; the returned function cancels. */
  after(delayMs: number, call: () => void): () => void;
}
