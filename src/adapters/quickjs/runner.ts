import * as host from 'host';
import type { Runner, RunOptions, RunResult } from '../../ports/runner.ts';
import { ChildOutput } from './child-output.ts';
import type { EventLoop } from './event-loop.ts';
import { endedBySignal, SIGNAL } from './signals.ts';
import { errorWords } from './system-error.ts';

/** Fixed, since an initramfs and a unit have none worth trusting. */
export const SEARCH_PATH = '/usr/sbin:/usr/bin:/sbin:/bin';

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** From the polite signal to the other one, and from there to giving up on a process the kernel will not let die. */
const GRACE_MS = 1_000;

/** A daemon that a command leaves behind may hold its output open: after the command's end it is read no longer than this. */
const DRAIN_MS = 200;

/** Programs of the machine, found in `searchPath`; their whole environment is that and LC_ALL=C. */
export function quickjsRunner(loop: EventLoop, searchPath: string): Runner {
  const environment = [`PATH=${searchPath}`, 'LC_ALL=C'];
  return { run: (argv, options = {}) => run(loop, environment, argv, options) };
}

function run(
  loop: EventLoop,
  environment: readonly string[],
  argv: readonly [string, ...string[]],
  options: RunOptions,
): Promise<RunResult> {
  const { timeoutMs = TIMEOUT_MS, maxOutputBytes = MAX_OUTPUT_BYTES } = options;
  const notRun = (why: string): Promise<RunResult> =>
    Promise.resolve({ argv, status: null, stdout: '', stderr: '', error: why });
  const started = startWithPipes(argv, environment);
  if (typeof started === 'number') return notRun(errorWords(started));
  const { pid, fromStdout, fromStderr } = started;

  return new Promise((resolve) => {
    let ended: number | null = null;
    let timedOut = false;
    let gaveUp = false;
    const cancels: (() => void)[] = [];
    const finish = (): void => {
      for (const cancel of cancels) cancel();
      stdout.close();
      stderr.close();
      const error = timedOut ? `timed out after ${timeoutMs / 1000} s` : endedBySignal(ended);
      const status = error === null ? ended : null;
      resolve({ argv, status, stdout: stdout.text(), stderr: stderr.text(), error });
    };
    const finishWhenAllEnded = (): void => {
      if (ended !== null && stdout.ended && stderr.ended) finish();
    };
    const stdout = new ChildOutput(loop, fromStdout, maxOutputBytes, finishWhenAllEnded);
    const stderr = new ChildOutput(loop, fromStderr, maxOutputBytes, finishWhenAllEnded);
    const endGroup = (signal: number): void => {
      timedOut = true;
      host.kill(-pid, signal);
    };
    cancels.push(
      loop.after(timeoutMs, () => endGroup(SIGNAL.terminate)),
      loop.after(timeoutMs + GRACE_MS, () => endGroup(SIGNAL.kill)),
      loop.after(timeoutMs + 2 * GRACE_MS, () => {
        gaveUp = true;
        finish();
      }),
    );
    loop.onExit(pid, (status) => {
      if (gaveUp) return;
      ended = status;
      cancels.push(loop.after(DRAIN_MS, finish));
      finishWhenAllEnded();
    });
  });
}

function startWithPipes(
  argv: readonly string[],
  environment: readonly string[],
): { readonly pid: number; readonly fromStdout: number; readonly fromStderr: number } | number {
  const stdin = host.openToRead('/dev/null');
  const stdout = host.pipe();
  const stderr = host.pipe();
  const fds = [stdin, stdout, stderr].flat();
  const close = (unneeded: readonly number[]): void => {
    for (const fd of unneeded) if (fd >= 0) host.close(fd);
  };
  const refused = fds.find((fd) => fd < 0);
  if (refused !== undefined || typeof stdout === 'number' || typeof stderr === 'number') {
    close(fds);
    return refused ?? -1;
  }
  const pid = host.spawn(argv, environment, stdin, stdout[1], stderr[1], SIGNAL.kill);
  close(pid < 0 ? fds : [stdin, stdout[1], stderr[1]]);
  return pid < 0 ? pid : { pid, fromStdout: stdout[0], fromStderr: stderr[0] };
}
