/** The tables of a program file (ELF) of 64 bits, little endian, which both processors have: segments, sections, symbols. */

/** What the kernel maps, and what it is told besides. */
export interface Segment {
  readonly kind: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly physical: number;
  readonly fileBytes: number;
  readonly memoryBytes: number;
  readonly align: number;
}

export interface Section {
  /** Where its own header is in the file. */
  readonly header: number;
  readonly kind: number;
  readonly offset: number;
  readonly bytes: number;
  readonly link: number;
}

export interface Place {
  readonly address: number;
  readonly bytes: number;
}

export const LOAD = 1;
export const HEADER_TABLE = 6;
export const WITHOUT_BYTES = 8;

const SEGMENT_BYTES = 56;
const SECTION_BYTES = 64;
const SYMBOL_BYTES = 24;
const SYMBOLS = 2;

/** Offsets and sizes are far below 2^53. */
const number64 = (file: Buffer, at: number): number => Number(file.readBigUInt64LE(at));
const put64 = (file: Buffer, value: number, at: number): number => file.writeBigUInt64LE(BigInt(value), at);

export const segmentTable = (file: Buffer): number => number64(file, 0x20);
export const sectionTable = (file: Buffer): number => number64(file, 0x28);

export function segmentsOf(file: Buffer): readonly Segment[] {
  return Array.from({ length: file.readUInt16LE(0x38) }, (_, i) => {
    const at = segmentTable(file) + i * SEGMENT_BYTES;
    return {
      kind: file.readUInt32LE(at),
      flags: file.readUInt32LE(at + 4),
      offset: number64(file, at + 8),
      address: number64(file, at + 16),
      physical: number64(file, at + 24),
      fileBytes: number64(file, at + 32),
      memoryBytes: number64(file, at + 40),
      align: number64(file, at + 48),
    };
  });
}

/** As many as the file has already. */
export function writeSegments(file: Buffer, segments: readonly Segment[]): void {
  for (const [i, segment] of segments.entries()) {
    const at = segmentTable(file) + i * SEGMENT_BYTES;
    file.writeUInt32LE(segment.kind, at);
    file.writeUInt32LE(segment.flags, at + 4);
    put64(file, segment.offset, at + 8);
    put64(file, segment.address, at + 16);
    put64(file, segment.physical, at + 24);
    put64(file, segment.fileBytes, at + 32);
    put64(file, segment.memoryBytes, at + 40);
    put64(file, segment.align, at + 48);
  }
}

export function sectionsOf(file: Buffer): readonly Section[] {
  return Array.from({ length: file.readUInt16LE(0x3c) }, (_, i) => {
    const header = sectionTable(file) + i * SECTION_BYTES;
    return {
      header,
      kind: file.readUInt32LE(header + 4),
      offset: number64(file, header + 24),
      bytes: number64(file, header + 32),
      link: file.readUInt32LE(header + 40),
    };
  });
}

export function moveSection(file: Buffer, { header }: Section, offset: number, bytes: number): void {
  put64(file, offset, header + 24);
  put64(file, bytes, header + 32);
}

export const moveSectionTable = (file: Buffer, offset: number): number => put64(file, offset, 0x28);

/** Where the one symbol is whose name matches, in a file that still has its symbols. */
export function findSymbol(file: Buffer, name: RegExp): Place | null {
  const sections = sectionsOf(file);
  const symbols = sections.find(({ kind }) => kind === SYMBOLS);
  const names = sections[symbols?.link ?? -1];
  if (symbols === undefined || names === undefined) return null;
  for (let at = symbols.offset; at < symbols.offset + symbols.bytes; at += SYMBOL_BYTES) {
    const start = names.offset + file.readUInt32LE(at);
    if (!name.test(file.toString('latin1', start, file.indexOf(0, start)))) continue;
    return { address: number64(file, at + 8), bytes: number64(file, at + 16) };
  }
  return null;
}
