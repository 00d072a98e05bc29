/** Where a boot entry of UEFI leads (UEFI specification, 10.3 and 3.1.3). */
export type BootTarget =
  /** A file on a partition; `path` null: the removable-media path of that partition. */
  | { readonly kind: 'partition'; readonly partUuid: string; readonly path: string | null }
  /** A whole disk: firmware looks for the removable-media path on its partitions, as it does where no entry works. */
  | { readonly kind: 'disk' }
  /** A program of the firmware itself, such as its set-up or its shell: it starts no system. */
  | { readonly kind: 'firmware' }
  /** Network, a BIOS entry, and whatever is not known. */
  | { readonly kind: 'other' };

/** One Boot#### variable. */
export interface BootEntry {
  /** As in `Boot0001`: `0001`. */
  readonly number: string;
  readonly description: string;
  readonly isActive: boolean;
  readonly target: BootTarget;
}

const MAX_ENTRIES = 256;

/** BootOrder or BootNext as efivarfs gives it: four bytes of attributes, then numbers of two bytes. */
export function parseBootOrder(file: Uint8Array): readonly string[] {
  const numbers: string[] = [];
  for (let at = 4; at + 2 <= file.length && numbers.length < MAX_ENTRIES; at += 2)
    numbers.push(hex((file[at + 1] ?? 0) * 256 + (file[at] ?? 0), 4).toUpperCase());
  return numbers;
}

/** EFI_LOAD_OPTION as efivarfs gives it; null where it is cut off. */
export function parseBootEntry(number: string, file: Uint8Array): BootEntry | null {
  if (file.length < 4 + 6 + 2) return null;
  const option = file.subarray(4);
  const view = new DataView(option.buffer, option.byteOffset, option.byteLength);
  const pathBytes = view.getUint16(4, true);
  const description = readUtf16(view, 6);
  const pathAt = 6 + description.bytes;
  if (pathAt + pathBytes > option.length) return null;
  return {
    number,
    description: description.text,
    isActive: (view.getUint32(0, true) & 1) !== 0,
    target: readTarget(new DataView(view.buffer, view.byteOffset + pathAt, pathBytes)),
  };
}

/** Nodes of a device path: type, subtype, length of the whole node. */
function readTarget(path: DataView): BootTarget {
  let partUuid: string | null = null;
  const names: string[] = [];
  let last: Exclude<BootTarget['kind'], 'partition'> = 'other';
  for (let at = 0; at + 4 <= path.byteLength; ) {
    const [type, subtype, length] = [path.getUint8(at), path.getUint8(at + 1), path.getUint16(at + 2, true)];
    if (length < 4 || at + length > path.byteLength || type === 0x7f) break;
    if (type === 4 && subtype === 1 && length >= 42) partUuid = partitionOf(path, at);
    // A path may come in several nodes.
    if (type === 4 && subtype === 4)
      names.push(readUtf16(new DataView(path.buffer, path.byteOffset + at + 4, length - 4), 0).text);
    last = kindOfNode(type, subtype);
    at += length;
  }
  if (partUuid === null) return { kind: last };
  if (names.length === 0) return { kind: 'partition', partUuid, path: null };
  const parts = names.flatMap((name) => name.replace(/^\\/, '').replace(/\\$/, '').split('\\'));
  // OVMF finds no file where a separator is doubled; other firmware may.
  if (parts.some((part) => part === '' || part.includes('/'))) return { kind: 'other' };
  return { kind: 'partition', partUuid, path: `/${parts.join('/')}` };
}

/** ATAPI, SCSI, USB, logical unit, SATA, NVMe, UFS, SD, eMMC (UEFI specification, 10.3.4). */
const DISK_MESSAGES = new Set([1, 2, 5, 17, 18, 23, 25, 26, 29]);

/** What the last node of a path without a partition leads to. */
function kindOfNode(type: number, subtype: number): 'disk' | 'firmware' | 'other' {
  if (type === 3 && DISK_MESSAGES.has(subtype)) return 'disk';
  // A file or a volume in the firmware's own flash memory (Platform Initialization specification).
  return type === 4 && (subtype === 6 || subtype === 7) ? 'firmware' : 'other';
}

/** As the kernel and lsblk write it: a GUID (GPT), or disk signature and number (MBR). */
function partitionOf(path: DataView, at: number): string | null {
  const signatureType = path.getUint8(at + 41);
  const byte = (offset: number) => hex(path.getUint8(at + 24 + offset), 2);
  if (signatureType === 1) {
    const number = path.getUint32(at + 4, true);
    return `${[3, 2, 1, 0].map(byte).join('')}-${hex(number, 2)}`;
  }
  if (signatureType !== 2) return null;
  const groups = [
    [3, 2, 1, 0],
    [5, 4],
    [7, 6],
    [8, 9],
    [10, 11, 12, 13, 14, 15],
  ];
  return groups.map((bytes) => bytes.map(byte).join('')).join('-');
}

function readUtf16(view: DataView, from: number): { readonly text: string; readonly bytes: number } {
  let text = '';
  let at = from;
  while (at + 2 <= view.byteLength) {
    const unit = view.getUint16(at, true);
    at += 2;
    if (unit === 0) break;
    text += String.fromCharCode(unit);
  }
  return { text, bytes: at - from };
}

const hex = (value: number, digits: number): string => value.toString(16).toLowerCase().padStart(digits, '0');
