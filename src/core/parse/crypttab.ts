import { type Failure, failure } from '../result/result.ts';
import { unescapeOctal } from './octal-escapes.ts';

/** One mapping of crypttab(5). */
export interface CrypttabEntry {
  readonly line: number;
  /** Name under /dev/mapper. */
  readonly target: string;
  readonly source: string;
  readonly keyFile: string;
  readonly options: readonly string[];
}

/** Reads crypttab(5); lines that are none are named and skipped. */
export function parseCrypttab(
  text: string,
  at = '/etc/crypttab',
): { entries: readonly CrypttabEntry[]; faults: readonly Failure[] } {
  const entries: CrypttabEntry[] = [];
  const faults: Failure[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const [target = '', source = '', keyFile = 'none', options = ''] = content
      .split(/[ \t]+/)
      .map((field) => unescapeOctal(field));
    if (source === '' || target.includes('/') || /[\x00-\x1f\x7f]/.test(target + source))
      faults.push(failure(`${at}:${index + 1}`, 'is not a "name source key options" line, skipped'));
    else entries.push({ line: index + 1, target, source, keyFile, options: options.split(',') });
  }
  return { entries, faults };
}

/** The boot image opens this mapping itself, whether or not a mount needs it (cryptsetup's `initramfs`, systemd's `x-initrd.attach`). */
export const opensInInitramfs = ({ options }: CrypttabEntry): boolean =>
  options.includes('initramfs') || options.includes('x-initrd.attach');

/** Its key is made anew at each boot, so that nothing outlasts one. Behind a keyscript the field is the script's argument. */
export const hasRandomKey = ({ keyFile, options }: CrypttabEntry): boolean =>
  /^\/dev\/(u?random|hwrng)$/.test(keyFile) && !options.some((option) => option.startsWith('keyscript='));
