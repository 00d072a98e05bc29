/** Serial consoles and the VT's plain mode: no line is wider. */
export const WIDTH = 79;

/** Cut to so many columns, with three dots for the rest. */
export const cut = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, columns - 3)}...`;

/** Cut to the width of a console. */
export const fit = (line: string): string => cut(line, WIDTH);

/** Breaks a long sentence at spaces to the width of a console, further lines indented. */
export const wrap = (line: string): string[] => wrapTo(WIDTH, line);

/** The same to so many columns, 30 at least. */
export function wrapTo(columns: number, line: string): string[] {
  const width = Math.max(30, columns);
  const lines: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > 20 ? space : width;
    lines.push(rest.slice(0, end));
    rest = `  ${rest.slice(end).trimStart()}`;
  }
  return [...lines, rest];
}

/** `a, b and c`. */
export const listWords = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** The first few, and one more entry that counts the rest: `a`, `b`, `4 more disks`. */
export const nameSome = (names: readonly string[], max: number, more = 'more'): readonly string[] =>
  names.length <= max ? names : [...names.slice(0, max), `${names.length - max} ${more}`];
