/** Serial consoles and the VT's plain mode: no line is wider. */
export const WIDTH = 79;

/** Cut to the width of a console. */
export const fit = (line: string): string => (line.length <= WIDTH ? line : `${line.slice(0, WIDTH - 3)}...`);

/** Breaks a long sentence at spaces, further lines indented. */
export function wrap(line: string): string[] {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > WIDTH) {
    const space = rest.lastIndexOf(' ', WIDTH);
    const cut = space > 20 ? space : WIDTH;
    lines.push(rest.slice(0, cut));
    rest = `  ${rest.slice(cut).trimStart()}`;
  }
  return [...lines, rest];
}
