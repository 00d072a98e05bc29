import { NO_SPLASH } from '../../ports/splash.ts';
import type { Machine } from '../machine.ts';

/** No terminal: what the engine says goes out as lines, nothing is counted down in place, and nobody types. */
export function withLinesAsConsole(machine: Machine, say: (line: string) => void): Machine {
  const console = {
    name: 'stdout',
    write: (text: string) => {
      const line = text.replaceAll('\r', '').trim();
      if (line !== '') say(line);
    },
  };
  return {
    ...machine,
    consoles: { open: async () => [console], close: async () => undefined, shell: async () => undefined },
    splash: NO_SPLASH,
  };
}
