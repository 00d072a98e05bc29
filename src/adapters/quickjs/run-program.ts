import * as host from 'host';
import type { Output } from '../../app/output.ts';
import { outputFault, STDERR, STDOUT, writeLine } from './standard-output.ts';
import { ERROR, errorWords } from './system-error.ts';

/** As of a program that SIGPIPE ended: what a shell expects when the reader of a pipe has left. */
const EXIT_READER_LEFT = 141;
const EXIT_FAILED = 1;

/** Runs a program to its exit status. A rejected one ends as an internal error, with status 1, in native/main.c. */
export function runProgram(program: (words: readonly string[], output: Output) => Promise<number>): void {
  const output: Output = {
    out: (text) => writeLine(STDOUT, text),
    err: (text) => writeLine(STDERR, text),
  };
  void program(host.arguments(), output).then((status) => host.exit(unlessOutputFailed(status, output)));
}

/** A boot writes nothing there: what its scripts do never depends on it. */
function unlessOutputFailed(status: number, output: Output): number {
  const fault = outputFault();
  if (fault === 0) return status;
  if (fault === -ERROR.brokenPipe) return EXIT_READER_LEFT;
  output.err(`reliable-raid: error: standard output: ${errorWords(fault)}`);
  return EXIT_FAILED;
}
