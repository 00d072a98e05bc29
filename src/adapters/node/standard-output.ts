import { writeSync } from 'node:fs';
import { escapeForConsole } from '../../core/text/escape-console.ts';

/** As of a program that SIGPIPE ended: what a shell expects when the reader of a pipe has left. */
const EXIT_READER_LEFT = 141;
const EXIT_FAILED = 1;
const STDERR = 2;

let fault: NodeJS.ErrnoException | null = null;

/** Why standard output takes nothing any more; null while it does. */
export const outputFault = (): NodeJS.ErrnoException | null => fault;

/**
 * From here on the program ends in one line, whatever happens. Standard output that is full or gone does not stop what it
 * does, only decides its exit status: half of a start or of a re-add would be worse than words that nobody reads. A reader
 * that has left is no error. What is thrown and not caught is told without a trace.
 */
export function endInOneLine(prefix: string): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    fault ??= error;
  });
  // There is nowhere left to say it.
  process.stderr.on('error', () => undefined);
  process.on('exit', () => {
    if (fault === null) return;
    process.exitCode = fault.code === 'EPIPE' ? EXIT_READER_LEFT : EXIT_FAILED;
    if (fault.code !== 'EPIPE') lastWord(`${prefix}standard output: ${fault.message}`);
  });
  process.on('uncaughtException', (error: unknown) => {
    lastWord(`${prefix}${error instanceof Error ? error.message : String(error)}`);
    process.exit(EXIT_FAILED);
  });
}

/** At once: nothing is written any more after the program's last turn. */
function lastWord(line: string): void {
  try {
    writeSync(STDERR, `${escapeForConsole(line, 1000)}\n`);
  } catch {
    // It is gone as well.
  }
}
