import type { ArrayFeature, KernelFinding } from '../../inspect/kernel.ts';
import { levelName } from '../../md/levels.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { arrayLabel } from '../labels.ts';
import { type FindingText, said } from './finding-words.ts';

const FEATURES: Readonly<Record<ArrayFeature, string>> = {
  'logical-block-size': 'a logical block size of its own',
  llbitmap: 'a lockless bitmap (llbitmap)',
};

/** Which kernel refuses which array. */
export function kernelText({ code, kernel, isDefault, array, feature, needs }: KernelFinding): FindingText {
  const subject = `${isDefault ? '' : 'only when it is chosen: '}kernel ${escapeForConsole(kernel, 60)}`;
  const which = `array ${arrayLabel(array)} (${levelName(array.level)})`;
  return code === 'too-old'
    ? said(
        `${subject} cannot start ${which}, which has ${FEATURES[feature]}: that needs Linux ${needs}`,
        isDefault ? `Install a kernel of at least ${needs}, or boot one by default.` : null,
      )
    : said(`nobody can tell whether ${subject} starts ${which}: that needs Linux ${needs}`);
}
