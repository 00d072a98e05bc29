/** The paths that lsinitramfs(8) prints, one a line; without a slash at their beginning. */
export const pathsInLsinitramfs = (text: string): readonly string[] =>
  text.split('\n').map((line) => line.replace(/^\.?\//, ''));

/** As cpio, 3cpio and ls print a file: permissions, owner, size, date as in `Nov 28 10:57` or `Feb  1  2025`, path. */
const LONG_LINE = /^[-bcdlps][-rwxsStT]{9}.* [A-Z][a-z]{2} +\d{1,2} +(?:\d{1,2}:\d{2}|\d{4}) (.+)$/;

/** As unsquashfs -ll prints one: permissions, owner, size, date as in `2025-02-01 10:57`, path. */
const SQUASHED_LINE = /^[-bcdlps][-rwxsStT]{9} .* \d{4}-\d{2}-\d{2} \d{2}:\d{2} (.+)$/;

/** Newer images hold most of their files in a packed file system, listed under the folder that it would be unpacked to. */
const PACKED = /^(?:squashfs|erofs)-root(?:\/|$)/;

/** The paths among the lines that lsinitrd(1) prints: besides them it tells the image's modules and arguments. */
export const pathsInLsinitrd = (text: string): readonly string[] =>
  text.split('\n').flatMap((line) => {
    const [, name] = LONG_LINE.exec(line) ?? SQUASHED_LINE.exec(line) ?? [];
    if (name === undefined) return [];
    const path = line.startsWith('l') ? name.replace(/ -> .*$/, '') : name;
    return path.replace(/^\.?\//, '').replace(PACKED, '') || [];
  });
