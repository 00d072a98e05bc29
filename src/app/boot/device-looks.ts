import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DeviceEvents, DeviceWatch } from '../../ports/device-events.ts';
import type { DeviceObserver } from '../read/device-observer.ts';

/** A look at all is followed by a rest this many times as long: polls take less than a twentieth of the time. */
const REST_AFTER_POLL = 20;

/** Looks at devices, one look at a time: at those that udev names, or at all. */
export class DeviceLooks {
  private readonly dirty = new Set<string>();
  private all = false;
  private looking = false;
  private watch: DeviceWatch | null = null;
  private nextPollAtMs = 0;
  private readonly clock: Clock;
  private readonly observer: DeviceObserver;
  private readonly seen: (snapshot: Snapshot) => void;
  private readonly broken: (error: unknown) => void;

  constructor(
    clock: Clock,
    observer: DeviceObserver,
    seen: (snapshot: Snapshot) => void,
    broken: (error: unknown) => void,
  ) {
    this.clock = clock;
    this.observer = observer;
    this.seen = seen;
    this.broken = broken;
  }

  /** Looks at one device, or at all for null; what changes while a look is under way is looked at next, all at once. */
  look(device: string | null): void {
    if (device === null) this.all = true;
    else this.dirty.add(device);
    if (this.looking) return;
    this.looking = true;
    void this.lookUntilQuiet().then(() => {
      this.looking = false;
    }, this.broken);
  }

  /** A look at all, unless the last one took so long that it is not due yet: hundreds of arrays are seconds of work. */
  poll(): void {
    if (this.clock.nowMs() >= this.nextPollAtMs) this.look(null);
  }

  /** Looks where udev reports something, from the first call on. What came before its events were heard, another look sees. */
  follow(events: DeviceEvents, onEnd: (why: string) => void): void {
    if (this.watch !== null) return;
    this.watch = events.watch(({ device }) => this.look(device), onEnd);
    void this.watch.listening.then(() => this.look(null));
  }

  end(): void {
    this.watch?.end();
  }

  private async lookUntilQuiet(): Promise<void> {
    while (this.all || this.dirty.size > 0) {
      const { all } = this;
      const devices = [...this.dirty];
      this.all = false;
      this.dirty.clear();
      this.seen(all ? await this.lookAtAll() : await this.observer.rescan(devices));
    }
  }

  private async lookAtAll(): Promise<Snapshot> {
    const beganAtMs = this.clock.nowMs();
    const snapshot = await this.observer.rescanAll();
    const endedAtMs = this.clock.nowMs();
    this.nextPollAtMs = endedAtMs + (endedAtMs - beganAtMs) * REST_AFTER_POLL;
    return snapshot;
  }
}
