import { type Machine, REAL_PATHS } from '../../src/app/machine.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Files } from '../../src/ports/files.ts';
import { NO_SPLASH } from '../../src/ports/splash.ts';

/** A machine on which nothing happens, nobody types and no program may be run. */
export const idleMachine = (clock: Clock, files: Files): Machine => ({
  runner: { run: async (argv) => Promise.reject(new Error(`nothing has to be run: ${argv.join(' ')}`)) },
  files,
  clock,
  operator: { ask: async () => null },
  deviceEvents: {
    watch: () => ({ listening: Promise.resolve(), end: () => undefined }),
    settle: async () => undefined,
  },
  consoles: {
    open: async () => [{ name: 'test', write: () => undefined }],
    close: async () => undefined,
    shell: async () => undefined,
  },
  splash: NO_SPLASH,
  paths: REAL_PATHS,
});
