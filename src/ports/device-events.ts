/** A block device that udev has finished with. */
export interface DeviceEvent {
  readonly action: 'add' | 'change' | 'remove' | 'other';
  /** Kernel name, such as `sda1` or `md127`. */
  readonly device: string;
}

export interface DeviceWatch {
  /** Nothing that happens after it is missed; it resolves also when listening cannot begin. */
  readonly listening: Promise<void>;
  end(): void;
}

export interface DeviceEvents {
  /** `onEnd` reports that the source has died and only polling is left. */
  watch(onEvent: (event: DeviceEvent) => void, onEnd: (why: string) => void): DeviceWatch;
  /** Waits until udev's queue is empty (`udevadm settle`), at most `timeoutMs`. */
  settle(timeoutMs: number): Promise<void>;
}
