import { failure, ok, type Result } from '../result/result.ts';

/**
 * The FAT file system of an EFI system partition, as Microsoft's "FAT: General Overview of On-Disk Format" and the UEFI specification
 * (13.3) have it. Only what reading needs; offsets and lengths in bytes.
 */
export interface FatLayout {
  readonly bits: 12 | 16 | 32;
  readonly clusterBytes: number;
  readonly clusterCount: number;
  readonly fatOffset: number;
  readonly fatBytes: number;
  /** Of cluster 2, the first. */
  readonly dataOffset: number;
  /** The root folder: a chain of clusters (FAT32), or a place of its own. */
  readonly root:
    | { readonly kind: 'chain'; readonly cluster: number }
    | { readonly kind: 'place'; readonly offset: number; readonly bytes: number };
}

export interface FatEntry {
  /** The long name where there is one. */
  readonly name: string;
  readonly isFolder: boolean;
  readonly cluster: number;
  readonly sizeBytes: number;
}

const bad = (why: string) => failure('FAT', why);

/** Reads the boot sector: at least 512 bytes. */
export function parseFatLayout(sector: Uint8Array): Result<FatLayout> {
  if (sector.length < 512) return bad('its boot sector is cut off');
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  const u16 = (at: number) => view.getUint16(at, true);
  const u32 = (at: number) => view.getUint32(at, true);
  if (u16(510) !== 0xaa55 || (sector[0] !== 0xeb && sector[0] !== 0xe9)) return bad('no FAT boot sector');
  const sectorBytes = u16(11);
  const perCluster = sector[13] ?? 0;
  const fats = sector[16] ?? 0;
  if (![512, 1024, 2048, 4096].includes(sectorBytes)) return bad(`sectors of ${sectorBytes} bytes`);
  if (perCluster === 0 || (perCluster & (perCluster - 1)) !== 0 || fats === 0)
    return bad('impossible clusters');
  const fatSectors = u16(22) || u32(36);
  const rootEntries = u16(17);
  const sectors = u16(19) || u32(32);
  const reserved = u16(14);
  const rootSectors = Math.ceil((rootEntries * 32) / sectorBytes);
  const firstData = reserved + fats * fatSectors + rootSectors;
  if (reserved === 0 || fatSectors === 0 || firstData >= sectors) return bad('impossible sizes');
  const clusterCount = Math.floor((sectors - firstData) / perCluster);
  // As the kernel does: a FAT32 is what has no 16-bit FAT size; else the number of clusters tells.
  const bits = u16(22) === 0 ? 32 : clusterCount < 4085 ? 12 : 16;
  const rootOffset = (reserved + fats * fatSectors) * sectorBytes;
  return ok({
    bits,
    clusterCount,
    clusterBytes: perCluster * sectorBytes,
    fatOffset: reserved * sectorBytes,
    fatBytes: fatSectors * sectorBytes,
    dataOffset: firstData * sectorBytes,
    root:
      bits === 32
        ? { kind: 'chain', cluster: u32(44) & 0x0fffffff }
        : { kind: 'place', offset: rootOffset, bytes: rootEntries * 32 },
  });
}

/** Where a cluster lies; null for a number that is none. */
export const clusterOffset = (
  { clusterCount, clusterBytes, dataOffset }: FatLayout,
  cluster: number,
): number | null =>
  cluster >= 2 && cluster < clusterCount + 2 ? dataOffset + (cluster - 2) * clusterBytes : null;

/** Where the FAT says what follows a cluster, and how many bytes that is. */
export function fatEntryPlace(
  { bits, fatOffset, fatBytes }: FatLayout,
  cluster: number,
): { offset: number; bytes: number } | null {
  const at = bits === 12 ? Math.floor((cluster * 3) / 2) : (cluster * bits) / 8;
  const bytes = bits === 32 ? 4 : 2;
  return at + bytes > fatBytes ? null : { offset: fatOffset + at, bytes };
}

/** The cluster that follows, from the bytes at that place; null at the end of a chain, and where it is broken. */
export function nextCluster(layout: FatLayout, cluster: number, bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const raw = layout.bits === 32 ? view.getUint32(0, true) & 0x0fffffff : view.getUint16(0, true);
  const value = layout.bits === 12 ? (cluster % 2 === 0 ? raw & 0xfff : raw >> 4) : raw;
  return clusterOffset(layout, value) === null ? null : value;
}

/** The entries of a folder, deleted ones, volume labels and the two dots left out. */
export function parseFatFolder(bytes: Uint8Array): readonly FatEntry[] {
  const entries: FatEntry[] = [];
  let long = '';
  for (let at = 0; at + 32 <= bytes.length; at += 32) {
    const raw = bytes.subarray(at, at + 32);
    const first = raw[0] ?? 0;
    const attributes = raw[11] ?? 0;
    if (first === 0) break;
    if (first === 0xe5) {
      long = '';
      continue;
    }
    if ((attributes & 0x3f) === 0x0f) {
      // Parts come last first, the last marked.
      long = `${longPart(raw)}${(first & 0x40) === 0 ? long : ''}`;
      continue;
    }
    const name = long === '' ? shortName(raw) : long;
    long = '';
    if ((attributes & 0x08) !== 0 || name === '.' || name === '..') continue;
    const view = new DataView(raw.buffer, raw.byteOffset, 32);
    entries.push({
      name,
      isFolder: (attributes & 0x10) !== 0,
      cluster: view.getUint16(20, true) * 65536 + view.getUint16(26, true),
      sizeBytes: view.getUint32(28, true),
    });
  }
  return entries;
}

function longPart(raw: Uint8Array): string {
  const view = new DataView(raw.buffer, raw.byteOffset, 32);
  let text = '';
  for (const at of [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30]) {
    const unit = view.getUint16(at, true);
    if (unit === 0 || unit === 0xffff) break;
    text += String.fromCharCode(unit);
  }
  return text;
}

function shortName(raw: Uint8Array): string {
  // Windows NT's and Linux' marks for a name, or an extension, that is all in lower case.
  const marks = raw[12] ?? 0;
  const text = (from: number, to: number, mark: number) => {
    const upper = String.fromCharCode(...raw.subarray(from, to)).trimEnd();
    return (marks & mark) === 0 ? upper : upper.toLowerCase();
  };
  const [base, extension] = [text(0, 8, 0x08), text(8, 11, 0x10)];
  return extension === '' ? base : `${base}.${extension}`;
}
