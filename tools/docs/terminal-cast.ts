/** What came from a terminal, and how many seconds after the start. */
export interface Chunk {
  readonly atS: number;
  readonly text: string;
}

export interface CastOptions {
  readonly columns: number;
  readonly rows: number;
  readonly title: string;
  /** What was shown before this is left out; without a match all of it is shown. */
  readonly from: RegExp;
}

/** A recorded session in asciinema's format, version 2: a line of JSON that describes it, then one for each piece of output. */
export function terminalCast(chunks: readonly Chunk[], { columns, rows, title, from }: CastOptions): string {
  const whole = chunks.map(({ text }) => text).join('');
  const shown = chunksFrom(chunks, Math.max(0, whole.search(from)));
  const startS = shown[0]?.atS ?? 0;
  const events = shown.map(({ atS, text }) => [Number((atS - startS).toFixed(3)), 'o', text]);
  const header = { version: 2, width: columns, height: rows, title };
  return `${[header, ...events].map((line) => JSON.stringify(line)).join('\n')}\n`;
}

function chunksFrom(chunks: readonly Chunk[], position: number): readonly Chunk[] {
  const left: Chunk[] = [];
  let at = 0;
  for (const { atS, text } of chunks) {
    const kept = text.slice(Math.max(0, position - at));
    at += text.length;
    if (kept !== '' && at > position) left.push({ atS, text: kept });
  }
  return left;
}
