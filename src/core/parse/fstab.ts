import { type Failure, failure } from '../result/result.ts';
import { unescapeOctal } from './octal-escapes.ts';

/** One mount or swap of fstab(5). */
export interface FstabEntry {
  /** null where nobody says which. */
  readonly line: number | null;
  readonly source: string;
  readonly mountPoint: string;
  readonly fsType: string;
  readonly options: readonly string[];
}

interface Fstab {
  readonly entries: readonly FstabEntry[];
  /** Lines that are none; named and skipped, as mount(8) does. */
  readonly faults: readonly Failure[];
}

const MAX_LINE = 4096;

/** Reads fstab(5). A garbled line costs only itself. */
export function parseFstab(text: string, at = '/etc/fstab'): Fstab {
  const entries: FstabEntry[] = [];
  const faults: Failure[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const read = readLine(content, index + 1);
    if (typeof read === 'string') faults.push(failure(`${at}:${index + 1}`, read));
    else entries.push(read);
  }
  return { entries, faults };
}

function readLine(content: string, line: number): FstabEntry | string {
  if (content.length > MAX_LINE) return `longer than ${MAX_LINE} characters, skipped`;
  if (/[\x00-\x08\x0b-\x1f\x7f]/.test(content)) return 'has control characters, skipped';
  const [source = '', mountPoint = '', fsType = '', options = 'defaults'] = content
    .split(/[ \t]+/)
    .map((field) => unescapeOctal(field));
  if (mountPoint === '' || fsType === '')
    return 'has fewer than three fields (source, mount point, type), skipped';
  if (!mountPoint.startsWith('/') && mountPoint !== 'none' && mountPoint !== 'swap')
    return 'has a mount point that does not begin with "/", skipped';
  return {
    line,
    source: unquote(source),
    mountPoint: tidyPath(mountPoint),
    fsType,
    options: options.split(','),
  };
}

/** `UUID="x"` is accepted by libmount too. */
const unquote = (source: string): string => source.replace(/^([A-Z]+=)(["'])(.*)\2$/, '$1$3');

/** Without doubled and trailing slashes. */
export const tidyPath = (path: string): string => path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1');
