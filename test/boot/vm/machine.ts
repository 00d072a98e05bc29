// What a scenario can do to a machine, whichever lane it runs in.
import type { Guest } from '../guest/guest.ts';
import type { SerialConsole } from './serial-console.ts';
import type { SerialShell } from './serial-shell.ts';

/** `qemu`: the distribution's own kernel under emulation. `user-mode`: the same image under a user-mode kernel, many times as fast. */
export type Lane = 'qemu' | 'user-mode';

/** `bios` starts the kernel at once; `efi` is OVMF, with variables that last. */
export type Firmware = 'bios' | 'efi';

export interface MachineOptions {
  readonly guest: Guest;
  /** A folder for disks, NVRAM, sockets and the screen dump. What an earlier machine has left of the first two goes on. */
  readonly folder: string;
  readonly firmware?: Firmware;
  /** The firmware looks for a boot loader on the disks, as on any machine, and speaks on the serial console; no kernel is given to it. */
  readonly fromDisks?: boolean;
  readonly absent?: readonly string[];
  readonly kernelArguments?: readonly string[];
  readonly initrd?: string;
  /** That image was made with the modules of a user-mode kernel already. */
  readonly initrdIsUserMode?: boolean;
  readonly memoryMiB?: number;
}

export interface Machine {
  readonly console: SerialConsole;
  readonly shellLine: SerialConsole;
  readonly shell: SerialShell;
  /** Its exit status, once it has been switched off. */
  readonly exited: Promise<number | null>;
  readonly hostSeconds: number;
  /** Seconds since the guest's kernel started, if it has said anything yet. */
  readonly guestSeconds: number | undefined;
  /** Seconds that it has waited for a processor of the host. */
  readonly secondsStarved: number;
  plug(disk: string): Promise<void>;
  unplug(disk: string): Promise<void>;
  /** Presses keys of the machine's own keyboard, by their QEMU names: esc, ret, d, down ... */
  pressKeys(keys: readonly string[]): Promise<void>;
  /** The text that the first virtual terminal shows. */
  screenText(): Promise<string>;
  screenDump(path: string): Promise<void>;
  /** How long the emulator takes to answer, in milliseconds. */
  responseTime(): Promise<number>;
  stop(): Promise<void>;
}
