import type { Clock } from '../../ports/clock.ts';

/** CLOCK_MONOTONIC, the clock of the kernel's own log; /proc/uptime goes on during a suspend, this does not. */
export class NodeClock implements Clock {
  nowMs(): number {
    return Number(process.hrtime.bigint() / 1000n) / 1000;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  }
}
