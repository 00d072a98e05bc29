// Notices that the host, or the emulator, stood still or was starved: then times seen in the guest mean little.
import type { Machine } from '../vm/machine.ts';

const interval = 500;
const toleratedStillness = 4000;
const toleratedStarvation = 0.15;

export class DisturbanceWatch {
  private readonly timer: NodeJS.Timeout;
  private readonly machine: Machine;
  private longest = 0;
  private starved = 0;
  private readonly samples: { readonly at: number; readonly starved: number }[] = [];

  constructor(machine: Machine) {
    this.machine = machine;
    let last = performance.now();
    this.timer = setInterval(() => {
      const now = performance.now();
      this.longest = Math.max(this.longest, now - last - interval);
      last = now;
      this.starved = machine.secondsStarved;
      this.samples.push({ at: machine.hostSeconds, starved: this.starved });
      const keep = (time: number) => {
        this.longest = Math.max(this.longest, time);
      };
      machine.responseTime().then(keep, () => undefined);
    }, interval);
  }

  /** How long the machine had waited for a processor by then, in seconds; `hostSeconds` as the machine counts them. */
  starvedBy(hostSeconds: number): number {
    return this.samples.find(({ at }) => at >= hostSeconds)?.starved ?? this.starved;
  }

  /** Ends the watch; says what disturbed the machine, if anything did. */
  end(): string | undefined {
    clearInterval(this.timer);
    const share = this.starved / Math.max(1, this.machine.hostSeconds);
    if (this.longest > toleratedStillness)
      return `the machine stood still for ${(this.longest / 1000).toFixed(1)} s`;
    if (share > toleratedStarvation) {
      return `the emulator waited ${this.starved.toFixed(1)} s (${Math.round(share * 100)} %) for a processor of a busy host`;
    }
    return undefined;
  }
}
