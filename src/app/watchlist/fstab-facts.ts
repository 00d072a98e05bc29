import { fstabByFindmnt, parseFindmntFstab, skippedByLibmount } from '../../core/parse/findmnt-json.ts';
import { type FstabEntry, parseFstab } from '../../core/parse/fstab.ts';
import { failure, ok, type Result } from '../../core/result/result.ts';
import { utf8Length } from '../../core/text/utf8-length.ts';
import type { FactSources } from '../machine.ts';
import { PATIENT } from './patience.ts';

/** No fstab of this world is nearly as large; what is larger is refused, never cut. */
const MAX_FSTAB_BYTES = 16 * 1024 * 1024;

export interface FstabFacts {
  readonly entries: readonly FstabEntry[];
  readonly at: string;
}

/** Reads an fstab as mount(8) does, through findmnt, and without findmnt ourselves. A required one that cannot be read is a failure. */
export async function readFstab(
  machine: FactSources,
  path: string,
  isRequired: boolean,
  warnings: string[],
): Promise<Result<FstabFacts>> {
  const { files } = machine;
  const read = await files.readTextOrReason(path, MAX_FSTAB_BYTES + 1);
  if ('reason' in read) {
    if (isRequired) return failure(path, `could not be read: ${read.detail}`);
    warnings.push(`${path}: could not be read: ${read.detail}`);
    return ok({ entries: [], at: path });
  }
  if (utf8Length(read.text) > MAX_FSTAB_BYTES)
    return failure(path, `is larger than ${MAX_FSTAB_BYTES / 1024 / 1024} MiB`);
  const own = parseFstab(read.text, path);
  const told = await askFindmnt(machine, (await files.realPath(path)) ?? path, read.text);
  if (told === null) {
    for (const { at, why } of own.faults) warnings.push(`${at}: ${why}`);
    return ok({ entries: own.entries, at: path });
  }
  // Other readers than libmount, as a generator's shell scripts, may still make something of what it skips.
  const skipped = own.entries.filter(({ line }) => line !== null && told.skipped.has(line));
  for (const line of told.skipped) {
    const entry = skipped.find((one) => one.line === line);
    const rest = entry === undefined ? 'skipped' : `but what it says of ${entry.mountPoint} is followed`;
    warnings.push(`${path}:${line}: is not a line that mount(8) can read (findmnt), ${rest}`);
  }
  return ok({ entries: [...told.entries, ...skipped], at: path });
}

interface Told {
  readonly entries: readonly FstabEntry[];
  /** Numbers of lines. */
  readonly skipped: ReadonlySet<number>;
}

/** null where findmnt is not there, too old or at a loss. */
async function askFindmnt({ runner }: FactSources, path: string, text: string): Promise<Told | null> {
  const lines = text.split('\n').flatMap((raw, index) => (/^\s*(#|$)/.test(raw) ? [] : [index + 1]));
  if (lines.length === 0) return { entries: [], skipped: new Set() };
  const findmnt = await runner.run(fstabByFindmnt(path), PATIENT);
  const skipped = new Set(skippedByLibmount(findmnt.stderr));
  // 1: it found no entry
  if (findmnt.status === 1 && findmnt.stdout === '' && skipped.size > 0) return { entries: [], skipped };
  const parsed = findmnt.status === 0 ? parseFindmntFstab(findmnt.stdout) : null;
  if (!parsed?.ok) return null;
  const readable = lines.filter((line) => !skipped.has(line));
  const isTold = readable.length === parsed.value.length;
  const entries = parsed.value.map((entry, n) => ({ ...entry, line: isTold ? (readable[n] ?? null) : null }));
  return { entries, skipped };
}
