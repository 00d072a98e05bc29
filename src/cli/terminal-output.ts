import type { Output } from '../app/output.ts';

/** Results on standard output, everything else on standard error; a line each. */
export const TERMINAL: Output = {
  out: (text) => process.stdout.write(`${text}\n`),
  err: (text) => process.stderr.write(`${text}\n`),
};
