// A shell at the other end of a serial line, as a function from command to output.
import { readable, type SerialConsole } from './serial-console.ts';

export class SerialShell {
  private readonly console: SerialConsole;
  private count = 0;

  constructor(console: SerialConsole) {
    this.console = console;
  }

  /** Runs a command there; its output comes back without the echo of what was typed. */
  async run(
    command: string,
    timeoutSeconds = 60,
  ): Promise<{ readonly code: number; readonly output: string }> {
    const mark = `${process.pid}${this.count++}`;
    const from = this.console.raw.length;
    // the marks are put together by the shell, so that the echo of the command does not contain them
    const line = `printf '\\n%s-%s\\n' begin ${mark}; { ${command}; } </dev/null\nprintf '\\n%s-%s-%s\\n' end ${mark} $?\n`;
    this.console.send(line);
    const signal = AbortSignal.timeout(timeoutSeconds * 1000);
    await this.console.waitFor(new RegExp(`end-${mark}-\\d+\\s`), from, signal);
    const text = readable(this.console.raw.slice(from));
    const [, output = '', code = '1'] =
      new RegExp(`begin-${mark}\\n([\\s\\S]*)\\nend-${mark}-(\\d+)`).exec(text) ?? [];
    return { code: Number(code), output };
  }
}
