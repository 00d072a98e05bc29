import type { KernelFinding } from '../../inspect/kernel.ts';
import { levelName } from '../../md/levels.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { arrayLabel } from '../labels.ts';
import { type FindingText, said } from './finding-words.ts';

/** Which kernel refuses which array. */
export function kernelText({ code, kernel, isDefault, array, needs }: KernelFinding): FindingText {
  const subject = `${isDefault ? '' : 'only when it is chosen: '}kernel ${escapeForConsole(kernel, 60)}`;
  const which = `array ${arrayLabel(array)} (${levelName(array.level)})`;
  return code === 'too-old'
    ? said(
        `${subject} cannot start ${which}, which has a logical block size of its own: that needs Linux ${needs}`,
        isDefault ? `Install a kernel of at least ${needs}, or boot one by default.` : null,
      )
    : said(`nobody can tell whether ${subject} starts ${which}: that needs Linux ${needs}`);
}
