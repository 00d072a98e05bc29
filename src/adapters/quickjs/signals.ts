/** Numbers of Linux on the processors that this program is built for. */
export const SIGNAL = {
  hangup: 1,
  interrupt: 2,
  quit: 3,
  kill: 9,
  terminate: 15,
  child: 17,
} as const;

const NAMES: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

/** `host.wait` adds this to the number of the signal that ended a child. */
const BY_SIGNAL = 1000;

/** Null when no signal ended it. */
export function endedBySignal(ended: number | null): string | null {
  if (ended === null) return 'cannot be ended';
  if (ended < BY_SIGNAL) return null;
  return `ended by ${NAMES[ended - BY_SIGNAL] ?? `signal ${ended - BY_SIGNAL}`}`;
}
