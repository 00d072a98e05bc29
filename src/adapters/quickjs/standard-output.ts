import * as host from 'host';
import { ERROR } from './system-error.ts';

export const STDOUT = 1;
export const STDERR = 2;

/** A reader that takes nothing for this long is not written to any more. */
const PATIENCE_MS = 5_000;

/** The negated errno of the first write to standard output that was refused; 0 while it takes what it is given. */
export const outputFault = (): number => fault;

let fault = 0;

/** Writes a line; one that nobody takes is dropped. */
export const writeLine = (fd: number, line: string): void => writeText(fd, `${line}\n`);

export function writeText(fd: number, text: string): void {
  let written = 0;
  for (;;) {
    const put = host.write(fd, text, written);
    if (put > 0) written += put;
    else if (put !== -ERROR.again) {
      if (put < 0 && fd === STDOUT && fault === 0) fault = put;
      return;
    } else if (host.poll([fd], [true], PATIENCE_MS).length === 0) return;
  }
}
