import * as host from 'host';
import type { Consoles } from '../../ports/consoles.ts';
import type { Files } from '../../ports/files.ts';
import type { EventLoop } from './event-loop.ts';
import { SYSTEM_PATH } from './runner.ts';
import { SystemError } from './system-error.ts';
import { Terminal } from './terminal.ts';

export const SHELL_SCRIPT = '/usr/lib/reliable-raid/shell';

/** How long the last words may take on a slow line before the terminal is given back. */
const LAST_WORDS_MS = 2_000;

const SIGHUP = 1;

const TERMINAL_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]*$/;

interface ConsolePaths {
  readonly sys: string;
  readonly dev: string;
  readonly shellScript: string;
}

export function quickjsConsoles(loop: EventLoop, files: Files, paths: ConsolePaths): Consoles {
  let terminals: readonly Terminal[] = [];
  const close = async (): Promise<void> => {
    const closing = terminals;
    terminals = [];
    await Promise.all(closing.map((terminal) => terminal.drain(LAST_WORDS_MS)));
    if (closing.length > 0) host.restoreTerminals();
    for (const terminal of closing) terminal.close();
  };
  return {
    close,
    open: async (onInput) => {
      await close();
      const active = (await files.readText(`${paths.sys}/class/tty/console/active`)) ?? '';
      const names = [...new Set(active.split(/\s+/).filter((name) => TERMINAL_NAME.test(name)))];
      terminals = names
        .map((name) => Terminal.open(loop, name, `${paths.dev}/${name}`, onInput))
        .filter((terminal) => terminal !== null);
      host.guardTerminals();
      return terminals;
    },
    shell: (consoleName) => runShell(loop, paths, consoleName),
  };
}

function runShell(loop: EventLoop, paths: ConsolePaths, consoleName: string): Promise<void> {
  const environment = [`PATH=${SYSTEM_PATH}`, 'HOME=/root', 'TERM=linux'];
  const stdin = host.openToRead('/dev/null');
  const pid = host.spawn([paths.shellScript, consoleName], environment, stdin, 1, 2, SIGHUP);
  if (stdin >= 0) host.close(stdin);
  if (pid < 0) return Promise.reject(new SystemError('run', paths.shellScript, pid));
  return new Promise((resolve) => loop.onExit(pid, () => resolve()));
}
