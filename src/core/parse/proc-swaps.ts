import { unescapeOctal } from './octal-escapes.ts';

/** One line of /proc/swaps. */
export interface ActiveSwap {
  readonly path: string;
  readonly type: string;
  readonly sizeKib: number;
}

/** Reads /proc/swaps; other lines are skipped. */
export function parseProcSwaps(text: string): readonly ActiveSwap[] {
  const swaps: ActiveSwap[] = [];
  for (const line of text.split('\n').slice(1)) {
    const [path = '', type = '', size = ''] = line.trim().split(/\s+/);
    if (path.startsWith('/') && /^\d+$/.test(size))
      swaps.push({ path: unescapeOctal(path), type, sizeKib: Number(size) });
  }
  return swaps;
}
