import type { Clock } from '../../src/ports/clock.ts';

/** Time that leaps to the next timer as soon as nothing else is to be done: hours pass at once, and in order. */
export class LeapingClock implements Clock {
  private atMs: number;
  private due: { readonly atMs: number; readonly call: () => void }[] = [];

  constructor(atMs = 10_000_000) {
    this.atMs = atMs;
  }

  nowMs(): number {
    return this.atMs;
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { atMs: this.atMs + delayMs, call };
    this.due.push(timer);
    setImmediate(() => this.leap());
    return () => {
      this.due = this.due.filter((other) => other !== timer);
    };
  }

  private leap(): void {
    const [next] = this.due.toSorted((a, b) => a.atMs - b.atMs);
    if (next === undefined) return;
    this.due = this.due.filter((other) => other !== next);
    this.atMs = Math.max(this.atMs, next.atMs);
    next.call();
  }
}
