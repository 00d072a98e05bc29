/** One terminal a person may be sitting at. */
export interface OpenConsole {
  /** Such as `ttyS0` or `tty0`. */
  readonly name: string;
  /** Text with `\n` line ends; never throws: a console that hangs or is gone is skipped. */
  write(text: string): void;
}

/** Every active kernel console (/sys/class/tty/console/active), raw while open. */
export interface Consoles {
  /**
   * Opens them all without echo and line editing; bytes typed are handed on with the console's name. `isCovered`: a splash has the virtual
   * terminal and its keys; that one is only written to.
   */
  open(
    onInput: (consoleName: string, bytes: Uint8Array) => void,
    options?: { readonly isCovered?: boolean },
  ): Promise<readonly OpenConsole[]>;
  /** Restores the terminals and stops reading. Safe to call twice; also done on every way out of the program. */
  close(): Promise<void>;
  /** A rescue shell on that console; resolves when it is left. Consoles must be closed before and opened again after. */
  shell(consoleName: string): Promise<void>;
}
