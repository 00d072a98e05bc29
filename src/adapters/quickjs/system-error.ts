/** Numbers of Linux on the processors that this program is built for. */
export const ERROR = {
  notPermitted: 1,
  missing: 2,
  again: 11,
  denied: 13,
  exists: 17,
  notAFolder: 20,
  invalid: 22,
  brokenPipe: 32,
} as const;

/** As the C library says them. */
const WORDS: Readonly<Record<number, string>> = {
  1: 'operation not permitted',
  2: 'no such file or directory',
  5: 'i/o error',
  6: 'no such device or address',
  7: 'argument list too long',
  8: 'exec format error',
  9: 'bad file descriptor',
  11: 'resource temporarily unavailable',
  12: 'not enough memory',
  13: 'permission denied',
  16: 'resource busy or locked',
  17: 'file already exists',
  19: 'no such device',
  20: 'not a directory',
  21: 'illegal operation on a directory',
  22: 'invalid argument',
  24: 'too many open files',
  28: 'no space left on device',
  27: 'file too large',
  30: 'read-only file system',
  32: 'broken pipe',
  36: 'name too long',
  40: 'too many symbolic links encountered',
  61: 'no data available',
  110: 'connection timed out',
};

/** What a negated errno means, in words. */
export const errorWords = (result: number): string => WORDS[-result] ?? `error ${-result}`;

/** A system call that was refused, with its object. */
export class SystemError extends Error {
  override readonly name = 'SystemError';
  constructor(act: string, path: string, result: number) {
    super(`${act} ${path}: ${errorWords(result)}`);
  }
}
