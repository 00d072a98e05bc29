/** Something the test machinery suffered: says nothing about the product, and is worth another try. */
export class HarnessFault extends Error {}

/** Signs on a guest's console that the emulator, not the product, went wrong. */
export const emulatorFaults =
  /PANIC: double fault|Oops: |Kernel panic - not syncing: Fatal exception|watchdog: BUG: soft lockup|rcu: INFO: .* stall/;
