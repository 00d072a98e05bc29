import { decodeBytes } from '../text/decode-bytes.ts';

/** What `blkid -o export` says of one device. */
export interface BlkidRecord {
  readonly path: string;
  readonly fsType: string | null;
  readonly label: string | null;
  readonly uuid: string | null;
  readonly partLabel: string | null;
  readonly partUuid: string | null;
}

/** Reads the output of `blkid -o export`: blocks of KEY=value lines, blanks and more escaped with a backslash. */
export function parseBlkidExport(text: string): readonly BlkidRecord[] {
  return text
    .split(/\n\s*\n/)
    .map((block) => new Map(block.split('\n').map(readPair)))
    .filter((pairs) => pairs.get('DEVNAME')?.startsWith('/dev/'))
    .map((pairs) => ({
      path: pairs.get('DEVNAME') ?? '',
      fsType: pairs.get('TYPE') ?? null,
      label: pairs.get('LABEL') ?? null,
      uuid: pairs.get('UUID') ?? null,
      partLabel: pairs.get('PARTLABEL') ?? null,
      partUuid: pairs.get('PARTUUID') ?? null,
    }));
}

function readPair(line: string): [string, string] {
  const equals = line.indexOf('=');
  return [line.slice(0, Math.max(equals, 0)), line.slice(equals + 1).replace(ESCAPES, unescaped)];
}

/** Bytes that the locale cannot show are written as `\xc3\xa9`, whatever a shell would take apart behind a backslash. */
const ESCAPES = /(?:\\x[0-9a-f]{2})+|\\(.)/g;

const unescaped = (run: string, one: string | undefined): string =>
  one ??
  decodeBytes(
    run
      .slice(2)
      .split('\\x')
      .map((digits) => Number.parseInt(digits, 16)),
  );
