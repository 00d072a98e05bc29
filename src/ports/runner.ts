/** Starts programs of the machine: argument vectors only, no shell, LC_ALL=C, stdin closed. */
export interface Runner {
  /** Never rejects for what the program did: a missing program is `status: null` with `error` set. */
  run(argv: readonly [string, ...string[]], options?: RunOptions): Promise<RunResult>;
}

export interface RunOptions {
  /** Killed with its group after this long; default 30 s. */
  readonly timeoutMs?: number;
  /**
   * Killed with its group once it has neither used the processor nor waited for a disk for this long, children included; default:
   * never. Where nobody can tell, only `timeoutMs` counts.
   */
  readonly hangsAfterMs?: number;
  /** Output beyond this is cut; default 4 MiB. */
  readonly maxOutputBytes?: number;
}

export interface RunResult {
  readonly argv: readonly string[];
  /** Exit status, or null when it did not run, was killed or timed out (see `error`). */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no exit status: not found, no permission, timed out, signal; null otherwise. */
  readonly error: string | null;
}
