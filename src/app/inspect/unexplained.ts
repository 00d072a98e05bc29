import { arrayLabel } from '../../core/render/labels.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { NextBootFindings } from './explain.ts';

/** Why nothing can be said of the next boot: the fault, and what a person does. */
export function unexplainedLines(
  result: Exclude<NextBootFindings, { kind: 'explained' }>,
): readonly string[] {
  switch (result.kind) {
    case 'unresolved':
      return [`error: ${result.at}: ${result.why}`];
    case 'off':
      return [
        `error: ${escapeForConsole(result.why, 80)}`,
        '  With that, the next boot would do what the distribution does; remove it and run this again.',
      ];
    case 'unread':
      return [
        `error: no superblock of array ${result.arrays.map(arrayLabel).join(', ')} could be read; run it as root`,
      ];
    case 'unknown-disk': {
      const needed = result.needed.map((disk) => escapeForConsole(disk, 32)).join(', ') || 'no disk';
      return [`error: --without ${result.disk}: ${result.why}; the boot needs: ${needed}`];
    }
  }
}
