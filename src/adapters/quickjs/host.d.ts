/** What native/*.c gives to JavaScript. A number below 0 is a negated errno, as a system call has it. */
declare module 'host' {
  /** The command line without the program's name. */
  export function arguments(): string[];
  /** Called again and again once nothing is pending; the program ends when it returns false. */
  export function eachTurn(turn: () => boolean): void;
  /** Restores the terminals first. */
  export function exit(status: number): never;
  /** Restores the terminals, then ends as that signal ends a program. */
  export function endBySignal(signal: number): never;

  export function openToRead(path: string): number;
  /** `fresh`: fails where a file exists; otherwise an existing file is emptied. */
  export function openToWrite(path: string, fresh: boolean): number;
  /** At most 64 KiB; empty at the end. */
  export function read(fd: number, mostBytes: number): ArrayBuffer | number;
  /** How many bytes of the text in UTF-8 were taken, from `fromByte` on; 0 when none are left. */
  export function write(fd: number, text: string, fromByte: number): number;
  export function sync(fd: number): number;
  export function close(fd: number): number;
  export function list(path: string): string[] | number;
  export function readLink(path: string): string | number;
  export function createLink(path: string, target: string): number;
  export function realPath(path: string): string | number;
  export function access(path: string): number;
  export function rename(from: string, to: string): number;
  export function remove(path: string): number;
  export function makeFolder(path: string): number;

  /** A process that reads block devices, which may take for ever; it ends with this one. */
  export function startReader(): [pid: number, toAsk: number, toHear: number] | number;
  /** At most 1 MiB; it answers with the byte 1 and as many bytes as were asked for, or with the byte 0. */
  export function askReader(toAsk: number, path: string, offset: number, length: number): number;

  /** In a session and process group of its own; `deathSignal` reaches it when the engine dies (0: none). */
  export function spawn(
    words: readonly string[],
    environment: readonly string[],
    stdin: number,
    stdout: number,
    stderr: number,
    deathSignal: number,
  ): number;
  /** The exit status, 1000 + a signal, or null while it runs. */
  export function wait(pid: number): number | null;
  export function kill(pid: number, signal: number): number;
  export function pipe(): [toRead: number, toWrite: number] | number;
  export function processId(): number;

  /** CLOCK_MONOTONIC. */
  export function nowMs(): number;
  /** The places in `fds` of those that are ready; `toWrite[i]` says what for. -1: no time-out. */
  export function poll(fds: readonly number[], toWrite: readonly boolean[], timeoutMs: number): number[];
  /** SIGTERM, SIGHUP, SIGINT, SIGQUIT and SIGCHLD come only through this descriptor from here on. */
  export function openSignals(): number;
  /** 0: none left. */
  export function takeSignal(fd: number): number;

  /** To a local service at that abstract address, if it runs as this program's user. */
  export function connect(name: string): number;

  export function openTerminal(path: string): number;
  /** Whether what is written to that virtual terminal is not seen. */
  export function showsPicture(path: string): boolean;
  /** Makes it seen. */
  export function showText(path: string): number;
  export function makeRaw(fd: number): number;
  /** Starts the process that restores the terminals should this one be killed; once all are raw. */
  export function guardTerminals(): number;
  export function restoreTerminals(): void;

  /** Bytes that are no UTF-8 become U+FFFD, as TextDecoder does it. */
  export function decodeUtf8(buffer: ArrayBuffer, fromByte: number, length: number): string;
}
