// Notices that the host, or the emulator, stood still: then times seen in the guest mean nothing.
import type { Machine } from '../vm/machine.ts';

const interval = 500;
const tolerated = 4000;

export class StallWatch {
  readonly #timer: NodeJS.Timeout;
  #worst = 0;

  constructor(machine: Machine) {
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#worst = Math.max(this.#worst, now - last - interval);
      last = now;
      machine.responseTime().then(
        (time) => {
          this.#worst = Math.max(this.#worst, time);
        },
        () => undefined,
      );
    }, interval);
  }

  /** Ends the watch; says what stood still and for how long, if anything did. */
  end(): string | undefined {
    clearInterval(this.#timer);
    return this.#worst > tolerated
      ? `the machine stood still for ${(this.#worst / 1000).toFixed(1)} s`
      : undefined;
  }
}
