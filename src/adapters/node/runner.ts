import { execa } from 'execa';
import type { Runner, RunOptions, RunResult } from '../../ports/runner.ts';
import { watchProgress } from './child-progress.ts';

/** Fixed, since an initramfs and a unit have none worth trusting. */
export const SEARCH_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_OUTPUT_BYTES = 4 * 1024 * 1024;
/** From the polite signal to the other one, and from there to giving up on a process the kernel will not let die. */
const GRACE_MS = 1000;
/** A daemon that a command leaves behind may hold its output open: after the command's end it is read no longer than this. */
const DRAIN_MS = 200;

/** Starts programs with execa: no shell, no stdin, no environment but its own. */
export class NodeRunner implements Runner {
  private readonly searchPath: string;

  constructor(searchPath: string = SEARCH_PATH) {
    this.searchPath = searchPath;
  }

  async run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<RunResult> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, maxOutputBytes = DEFAULT_OUTPUT_BYTES } = options;
    const [file, ...args] = argv;
    const child = execa(file, args, {
      stdin: 'ignore',
      buffer: false,
      reject: false,
      extendEnv: false,
      env: { PATH: this.searchPath, LC_ALL: 'C' },
      // Its own process group, so that a time-out ends its children too.
      detached: true,
      cleanup: false,
    });
    const stdout = collect(child.stdout, maxOutputBytes);
    const stderr = collect(child.stderr, maxOutputBytes);
    const signals = killLater(child.pid, timeoutMs, options.hangsAfterMs ?? null);
    const finished = child.then((result) => ({
      status: result.exitCode ?? null,
      error: failureOf(result.exitCode, result.signal, result.originalMessage),
    }));
    const exited = new Promise<{ status: number | null; error: string | null }>((resolve) => {
      child.nodeChildProcess.once('exit', (code, signal) => {
        setTimeout(
          () => resolve({ status: code, error: failureOf(code ?? undefined, signal ?? undefined) }),
          DRAIN_MS,
        ).unref();
      });
    });
    const { status, error } = await Promise.race([finished, exited, signals.gaveUp]);
    signals.ended();
    // What a daemon left behind still holds open must not keep this program from ending.
    child.stdout?.destroy();
    child.stderr?.destroy();
    const timedOut = signals.why();
    return {
      argv,
      status: timedOut === null ? status : null,
      stdout: stdout(),
      stderr: stderr(),
      error: timedOut ?? error,
    };
  }
}

function failureOf(status: number | undefined, signal: string | undefined, message?: string): string | null {
  if (status !== undefined) return null;
  return signal === undefined ? (message ?? 'could not be started') : `ended by ${signal}`;
}

/** Keeps the first `maxBytes` and reads on, so that the program never waits for us. */
function collect(stream: NodeJS.ReadableStream | null, maxBytes: number): () => string {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  stream?.on('data', (chunk: Buffer) => {
    if (left > 0) chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
  });
  stream?.on('error', () => undefined);
  return () => Buffer.concat(chunks).toString('utf8');
}

/**
 * Ends the process group after the time-out, first asking, then not; a process that even then stays is left behind. When the
 * program ends on being asked, its children are still given the second signal.
 */
function killLater(pid: number | undefined, timeoutMs: number, hangsAfterMs: number | null) {
  let fired = false;
  let hung = false;
  let giveUp: (end: { status: null; error: string }) => void = () => undefined;
  const gaveUp = new Promise<{ status: null; error: string }>((resolve) => {
    giveUp = resolve;
  });
  const signal = (name: NodeJS.Signals): void => {
    if (pid === undefined) return;
    fired = true;
    try {
      process.kill(-pid, name);
    } catch {
      // It has ended in the meantime.
    }
  };
  const endAfter = (afterMs: number) => ({
    ask: setTimeout(() => signal('SIGTERM'), afterMs),
    kill: setTimeout(() => signal('SIGKILL'), afterMs + GRACE_MS),
    leave: setTimeout(() => giveUp({ status: null, error: 'cannot be ended' }), afterMs + 2 * GRACE_MS),
  });
  let timers = endAfter(timeoutMs);
  const clear = (): void => {
    clearTimeout(timers.ask);
    clearTimeout(timers.leave);
    if (!fired) clearTimeout(timers.kill);
  };
  const unwatch =
    hangsAfterMs === null
      ? () => undefined
      : watchProgress(pid, hangsAfterMs, () => {
          if (fired) return;
          clear();
          hung = true;
          timers = endAfter(0);
        });
  const timeOut = `timed out after ${timeoutMs / 1000} s`;
  return {
    gaveUp,
    /** Why it was ended; null where it ended by itself. */
    why: (): string | null =>
      !fired
        ? null
        : hung
          ? `hung: it did nothing for ${(hangsAfterMs ?? 0) / 1000} s and was ended`
          : timeOut,
    ended: () => {
      unwatch();
      clear();
    },
  };
}
