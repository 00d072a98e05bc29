import * as host from 'host';
import type { Output } from '../../app/output.ts';
import { STDERR, STDOUT, writeLine } from './standard-output.ts';

/** Runs a program to its exit status. A rejected one ends as an internal error, with status 1, in native/main.c. */
export function runProgram(program: (words: readonly string[], output: Output) => Promise<number>): void {
  const output: Output = {
    out: (text) => writeLine(STDOUT, text),
    err: (text) => writeLine(STDERR, text),
  };
  void program(host.arguments(), output).then((status) => host.exit(status));
}
