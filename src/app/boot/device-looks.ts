import type { Snapshot } from '../../core/snapshot/snapshot.ts';
import type { DeviceEvents, DeviceWatch } from '../../ports/device-events.ts';
import type { DeviceObserver } from '../read/device-observer.ts';

/** Hears what looks find. */
export interface LookListener {
  seen(snapshot: Snapshot): void;
  /** udev reports nothing more: from here on only the looks that are asked for are made. */
  eventsEnded(why: string): void;
  broken(error: unknown): void;
}

/** Looks at devices, one look at a time: at those that udev names, or at all. */
export class DeviceLooks {
  private readonly dirty = new Set<string>();
  private all = false;
  private looking = false;
  private watch: DeviceWatch | null = null;
  private readonly observer: DeviceObserver;
  private readonly listener: LookListener;

  constructor(observer: DeviceObserver, listener: LookListener) {
    this.observer = observer;
    this.listener = listener;
  }

  /** Looks at one device, or at all for null; what changes while a look is under way is looked at next, all at once. */
  look(device: string | null): void {
    if (device === null) this.all = true;
    else this.dirty.add(device);
    if (this.looking) return;
    this.looking = true;
    void this.lookUntilQuiet().then(
      () => {
        this.looking = false;
      },
      (error: unknown) => this.listener.broken(error),
    );
  }

  /** Looks where udev reports something, from the first call on. What came before its events were heard, another look sees. */
  follow(events: DeviceEvents): void {
    if (this.watch !== null) return;
    this.watch = events.watch(
      ({ device }) => this.look(device),
      (why) => this.listener.eventsEnded(why),
    );
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
      this.listener.seen(all ? await this.observer.rescanAll() : await this.observer.rescan(devices));
    }
  }
}
