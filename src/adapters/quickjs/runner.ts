import * as host from 'host';
import type { RunOptions, Runner, RunResult } from '../../ports/runner.ts';
import { ChildOutput } from './child-output.ts';
import type { EventLoop } from './event-loop.ts';
import { errorWords } from './system-error.ts';

export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const TIMEOUT_MS = 30_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

/** A daemon that a command left behind may hold its pipes: they are read for this long after its end. */
const AFTER_EXIT_MS = 1_000;

/** A killed process that waits for a disk does not end: nobody waits for it longer than this. */
const AFTER_KILL_MS = 2_000;

const SIGKILL = 9;

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
    let status: number | null = null;
    let error: string | null = null;
    let exited = false;
    let giveUp: () => void = () => undefined;
    const finish = (): void => {
      cancelTimeout();
      giveUp();
      stdout.close();
      stderr.close();
      resolve({ argv, status, stdout: stdout.text(), stderr: stderr.text(), error });
    };
    const finishWhenAllEnded = (): void => {
      if (exited && stdout.ended && stderr.ended) finish();
    };
    const stdout = new ChildOutput(loop, fromStdout, maxOutputBytes, finishWhenAllEnded);
    const stderr = new ChildOutput(loop, fromStderr, maxOutputBytes, finishWhenAllEnded);
    const cancelTimeout = loop.after(timeoutMs, () => {
      error = `timed out after ${timeoutMs / 1000} s`;
      host.kill(-pid, SIGKILL);
      giveUp = loop.after(AFTER_KILL_MS, finish);
    });
    loop.onExit(pid, (ended) => {
      exited = true;
      if (error === null && ended < 1000) status = ended;
      else error ??= `killed by signal ${ended - 1000}`;
      giveUp();
      giveUp = loop.after(AFTER_EXIT_MS, finish);
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
  const pid = host.spawn(argv, environment, stdin, stdout[1], stderr[1], SIGKILL);
  close(pid < 0 ? fds : [stdin, stdout[1], stderr[1]]);
  return pid < 0 ? pid : { pid, fromStdout: stdout[0], fromStderr: stderr[0] };
}
