import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { SHELL_SCRIPT } from '../../app/own-places.ts';
import type { Consoles, OpenConsole } from '../../ports/consoles.ts';
import { SEARCH_PATH } from './runner.ts';
import { RawTerminal } from './terminal.ts';

export interface ConsolePaths {
  readonly sys: string;
  readonly dev: string;
  /** Script that becomes the rescue shell; it gets the console's name. */
  readonly shell: string;
}

const REAL_PATHS: ConsolePaths = { sys: '/sys', dev: '/dev', shell: SHELL_SCRIPT };
const NAME = /^[A-Za-z0-9_]{1,32}$/;
const WAYS_OUT: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT'];

/** The kernel's active consoles (`console=`): /dev/tty0 there is the virtual terminal in front. */
export class NodeConsoles implements Consoles {
  private readonly paths: ConsolePaths;
  private terminals: readonly RawTerminal[] = [];
  private readonly onExit = (): void => this.restoreAll();
  private readonly onSignal = (signal: NodeJS.Signals): void => {
    this.restoreAll();
    // Sent again for the next listener: without one it ends the program. (execa's signal-exit acts only as the last.)
    process.kill(process.pid, signal);
  };

  constructor(paths: Partial<ConsolePaths> = {}) {
    this.paths = { ...REAL_PATHS, ...paths };
  }

  async open(onInput: (consoleName: string, bytes: Uint8Array) => void): Promise<readonly OpenConsole[]> {
    this.restoreAll();
    const opened = await Promise.all(
      (await this.names()).map((name) =>
        RawTerminal.open(name, `${this.paths.dev}/${name}`, (bytes) => onInput(name, bytes)),
      ),
    );
    this.terminals = opened.filter((terminal) => terminal !== null);
    if (this.terminals.length > 0) {
      process.on('exit', this.onExit);
      for (const signal of WAYS_OUT) process.on(signal, this.onSignal);
    }
    return this.terminals;
  }

  async close(): Promise<void> {
    await Promise.all(this.terminals.map((terminal) => terminal.drained()));
    this.restoreAll();
  }

  /** A shell that cannot be had is said on the console and is over at once. */
  async shell(consoleName: string): Promise<void> {
    if (!NAME.test(consoleName)) return;
    let fd: number;
    try {
      fd = openSync(`${this.paths.dev}/${consoleName}`, constants.O_RDWR | constants.O_NOCTTY);
    } catch {
      return;
    }
    try {
      // The script makes the console its controlling terminal, so that Ctrl-C and job control work.
      const env = { ...process.env, PATH: SEARCH_PATH, TERM: /^tty\d/.test(consoleName) ? 'linux' : 'vt102' };
      const status = await exitOf(spawn(this.paths.shell, [consoleName], { stdio: [fd, fd, fd], env }));
      if (status === NOT_STARTED || status === 126 || status === 127) {
        writeSync(fd, 'reliable-raid: no shell can be started here.\r\n');
      }
    } finally {
      closeSync(fd);
    }
  }

  private async names(): Promise<readonly string[]> {
    const active = await readFile(`${this.paths.sys}/class/tty/console/active`, 'utf8').catch(() => '');
    const names = active.split(/\s+/).filter((name) => NAME.test(name));
    return names.length > 0 ? names : ['console'];
  }

  private restoreAll(): void {
    process.off('exit', this.onExit);
    for (const signal of WAYS_OUT) process.off(signal, this.onSignal);
    for (const terminal of this.terminals) terminal.restore();
    this.terminals = [];
  }
}

const NOT_STARTED = -1;

/** Exit status of a program; null when a signal ended it. */
const exitOf = (program: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    program.once('error', () => resolve(NOT_STARTED));
    program.once('exit', (code) => resolve(code));
  });
