/** fstab(5) and /proc/self/mountinfo write blanks and backslashes as three octal digits: `\040`. */
export const unescapeOctal = (field: string): string =>
  field.replace(/\\([0-3][0-7]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
