import { decodeBytes } from '../text/decode-bytes.ts';

/** fstab(5), crypttab and /proc/self/mountinfo write bytes as three octal digits: `\040`; `\303\251` is one character of UTF-8. */
export const unescapeOctal = (field: string): string =>
  field.replace(/(?:\\[0-3][0-7]{2})+/g, (run) =>
    decodeBytes(
      run
        .slice(1)
        .split('\\')
        .map((digits) => Number.parseInt(digits, 8)),
    ),
  );
