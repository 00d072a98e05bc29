import * as host from 'host';
import type { Consoles, OpenConsole } from '../../ports/consoles.ts';
import type { Files } from '../../ports/files.ts';
import type { EventLoop } from './event-loop.ts';
import { SEARCH_PATH } from './runner.ts';
import { SIGNAL } from './signals.ts';
import { Terminal } from './terminal.ts';

/** How long the last words may take on a slow line before the terminal is given back. */
const LAST_WORDS_MS = 2_000;

const NAME = /^[A-Za-z0-9_]{1,32}$/;
const VIRTUAL = /^tty\d+$/;

export interface ConsolePaths {
  readonly sys: string;
  readonly dev: string;
  /** Script that becomes the rescue shell; it gets the console's name. */
  readonly shell: string;
}

/** The kernel's active consoles (`console=`): /dev/tty0 there is the virtual terminal in front. */
export class QuickjsConsoles implements Consoles {
  private terminals: readonly Terminal[] = [];
  private readonly loop: EventLoop;
  private readonly files: Files;
  private readonly paths: ConsolePaths;

  constructor(loop: EventLoop, files: Files, paths: ConsolePaths) {
    this.loop = loop;
    this.files = files;
    this.paths = paths;
  }

  async open(
    onInput: (consoleName: string, bytes: Uint8Array) => void,
    { isCovered = false }: { readonly isCovered?: boolean } = {},
  ): Promise<readonly OpenConsole[]> {
    await this.close();
    this.terminals = (await this.names())
      .map((name) =>
        Terminal.open(
          this.loop,
          name,
          `${this.paths.dev}/${name}`,
          isCovered && VIRTUAL.test(name) ? null : onInput,
        ),
      )
      .filter((terminal) => terminal !== null);
    host.guardTerminals();
    return this.terminals;
  }

  async close(): Promise<void> {
    const { terminals } = this;
    this.terminals = [];
    await Promise.all(terminals.map((terminal) => terminal.drain(LAST_WORDS_MS)));
    host.restoreTerminals();
    for (const terminal of terminals) terminal.close();
  }

  /** A shell that cannot be had is said on the console and is over at once. */
  async shell(consoleName: string): Promise<void> {
    if (!NAME.test(consoleName)) return;
    const fd = host.openTerminal(`${this.paths.dev}/${consoleName}`);
    if (fd < 0) return;
    const status = await this.runShell(consoleName, fd);
    if (status < 0 || status === 126 || status === 127)
      host.write(fd, 'reliable-raid: no shell can be started here.\r\n', 0);
    host.close(fd);
  }

  private runShell(consoleName: string, fd: number): Promise<number> {
    const terminal = VIRTUAL.test(consoleName) ? 'linux' : 'vt102';
    const environment = [`PATH=${SEARCH_PATH}`, 'HOME=/root', `TERM=${terminal}`];
    const pid = host.spawn([this.paths.shell, consoleName], environment, fd, fd, fd, SIGNAL.hangup);
    if (pid < 0) return Promise.resolve(pid);
    return new Promise((resolve) => this.loop.onExit(pid, resolve));
  }

  private async names(): Promise<readonly string[]> {
    const active = (await this.files.readText(`${this.paths.sys}/class/tty/console/active`)) ?? '';
    const names = active.split(/\s+/).filter((name) => NAME.test(name));
    return names.length > 0 ? [...new Set(names)] : ['console'];
  }
}
