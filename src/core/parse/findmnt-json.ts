import type { Result } from '../result/result.ts';
import { type FstabEntry, tidyPath } from './fstab.ts';
import { readShape, type Shape } from './json-reader.ts';
import type { Mount } from './mountinfo.ts';

/** An fstab as libmount reads it, which decodes its escapes. It does not say which line an entry stands on. */
export const fstabByFindmnt = (path: string): readonly [string, ...string[]] => [
  'findmnt',
  ...['--json', '--list', '--fstab', '--tab-file', path, '-o', 'SOURCE,TARGET,FSTYPE,OPTIONS'],
];

/** What is mounted, as libmount reads it from a mountinfo file; without the folder that a source is followed by else. */
export const mountsByFindmnt = (path: string): readonly [string, ...string[]] => [
  'findmnt',
  ...['--json', '--list', '--nofsroot', '--kernel', '--tab-file', path],
  ...['-o', 'MAJ:MIN,FSROOT,TARGET,FSTYPE,SOURCE'],
];

const MAX_ENTRIES = 1_000_000;
const MAX_TEXT = 1_048_576;

/** Reads the output of fstabByFindmnt. */
export const parseFindmntFstab = (
  text: string,
  at = 'findmnt --fstab',
): Result<readonly Omit<FstabEntry, 'line'>[]> => readShape(text, at, (top) => listOf(top, readEntry));

/** Reads the output of mountsByFindmnt; later mounts on the same place hide earlier ones. */
export function parseFindmntMounts(text: string, at = 'findmnt --kernel'): Result<readonly Mount[]> {
  const read = readShape(text, at, (top) => listOf(top, readMount));
  if (!read.ok) return read;
  return { ok: true, value: [...new Map(read.value.map((mount) => [mount.mountPoint, mount])).values()] };
}

/** The numbers of lines that libmount could not read and skipped, as findmnt says them. */
export const skippedByLibmount = (stderr: string): readonly number[] =>
  [...stderr.matchAll(/parse error at line (\d{1,9})\b/g)].map(([, line]) => Number(line));

const listOf = <T>(top: Shape, read: (item: Shape) => T): T[] =>
  top.field('filesystems').list(MAX_ENTRIES, read);

const readEntry = (item: Shape): Omit<FstabEntry, 'line'> => ({
  source: textOf(item, 'source'),
  mountPoint: tidyPath(textOf(item, 'target')),
  fsType: textOf(item, 'fstype'),
  options: (textOf(item, 'options') || 'defaults').split(','),
});

const readMount = (item: Shape): Mount => ({
  device: item.field('maj:min').text(32).trim(),
  rootInFs: textOf(item, 'fsroot'),
  mountPoint: tidyPath(textOf(item, 'target')),
  fsType: textOf(item, 'fstype'),
  source: textOf(item, 'source'),
});

/** Text, or nothing where the field is null. */
const textOf = (item: Shape, name: string): string =>
  item.field(name).orNull((shape) => shape.text(MAX_TEXT)) ?? '';
