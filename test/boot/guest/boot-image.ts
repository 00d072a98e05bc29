// A boot image as data: a row of cpio archives, read whole, edited in memory, written again as one archive without compression.
import { execFileSync } from 'node:child_process';

export interface Entry {
  readonly header: Buffer;
  readonly name: string;
  readonly content: Buffer;
}

const headerLength = 110;

export function readImage(image: Buffer): Entry[] {
  return readSegments(image).flat();
}

export function writtenImage(entries: readonly Entry[]): Buffer {
  return Buffer.concat([...entries.map(encode), trailer()]);
}

export function fileEntry(name: string, content: string | Buffer, mode = 0o644): Entry {
  return { header: regularFile(mode), name, content: Buffer.from(content) };
}

export function folderEntry(name: string): Entry {
  return { header: header(0o040755), name, content: Buffer.alloc(0) };
}

/** Where the hooks of an image of dracut are; those of initramfs-tools have a list of their order instead. */
export function dracutHooks(entries: readonly Entry[]): string | undefined {
  return entries.map(({ name }) => /^(.*\/dracut\/hooks)\/pre-udev\//.exec(name)?.[1]).find(Boolean);
}

/** An image is a row of cpio archives; the last one is compressed. */
function readSegments(image: Buffer): Entry[][] {
  const segments: Entry[][] = [];
  let rest = image;
  while (rest.length > 0) {
    if (rest.toString('latin1', 0, 6) !== '070701') {
      const compressed = rest;
      const program = compressed.readUInt16BE(0) === 0x1f8b ? 'gzip' : 'zstd';
      rest = execFileSync(program, ['-dc'], { input: compressed, maxBuffer: 2 ** 30 });
      if (rest.toString('latin1', 0, 6) !== '070701') throw new Error('the image is no cpio archive');
    }
    const { entries, end } = readArchive(rest);
    segments.push(entries);
    rest = rest.subarray(end);
    const padding = rest.findIndex((byte) => byte !== 0);
    rest = padding < 0 ? Buffer.alloc(0) : rest.subarray(padding);
  }
  return segments;
}

function readArchive(data: Buffer): { entries: Entry[]; end: number } {
  const entries: Entry[] = [];
  for (let at = 0; ; ) {
    const header = data.subarray(at, at + headerLength);
    const field = (index: number) =>
      Number.parseInt(header.toString('latin1', 6 + index * 8, 14 + index * 8), 16);
    const [size, nameSize] = [field(6), field(11)];
    const name = data.toString('utf8', at + headerLength, at + headerLength + nameSize - 1);
    const start = align(at + headerLength + nameSize);
    const end = align(start + size);
    if (name === 'TRAILER!!!') return { entries, end };
    entries.push({ header: Buffer.from(header), name, content: data.subarray(start, start + size) });
    at = end;
  }
}

function encode({ header, name, content }: Entry): Buffer {
  const bytes = Buffer.from(`${name}\0`);
  const head = Buffer.from(header);
  head.write(hex(content.length), 6 + 6 * 8, 'latin1');
  head.write(hex(bytes.length), 6 + 11 * 8, 'latin1');
  const start = align(headerLength + bytes.length);
  const whole = Buffer.alloc(align(start + content.length));
  head.copy(whole);
  bytes.copy(whole, headerLength);
  content.copy(whole, start);
  return whole;
}

function trailer(): Buffer {
  return encode({ header: regularFile(0), name: 'TRAILER!!!', content: Buffer.alloc(0) });
}

function regularFile(mode: number): Buffer {
  return header(mode === 0 ? 0 : 0o100000 | mode);
}

function header(mode: number): Buffer {
  const fields = [0, mode, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
  return Buffer.from(`070701${fields.map(hex).join('')}`, 'latin1');
}

const hex = (value: number) => value.toString(16).toUpperCase().padStart(8, '0');
const align = (offset: number) => (offset + 3) & ~3;
