/** A block device that udev has finished with. */
export interface DeviceEvent {
  readonly action: 'add' | 'change' | 'remove' | 'other';
  /** Kernel name, such as `sda1` or `md127`. */
  readonly device: string;
}

export interface DeviceEvents {
  /** Events from now on; `onEnd` tells that the source has died and only polling is left. The returned function ends it. */
  watch(onEvent: (event: DeviceEvent) => void, onEnd: (why: string) => void): Promise<() => void>;
  /** Waits until udev's queue is empty (`udevadm settle`), at most `timeoutMs`. */
  settle(timeoutMs: number): Promise<void>;
}
