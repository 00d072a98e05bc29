import { decodeBytes } from '../text/decode-bytes.ts';

/** A boot loader, told by what its file or sector holds. */
export type LoaderKind = 'grub' | 'systemd-boot' | 'shim' | 'unified-kernel' | 'other';

/** From the bytes of an EFI program: systemd's mark (.sdmagic), GRUB's prompt, shim's name of what it starts. */
export function loaderOfFile(bytes: Uint8Array): LoaderKind {
  const holds = (text: string) => indexOf(bytes, text) >= 0;
  if (holds('LoaderInfo: systemd-boot')) return 'systemd-boot';
  if (holds('LoaderInfo: systemd-stub')) return 'unified-kernel';
  // Its greeting is not in every program of GRUB: Debian 13's for EFI does without.
  if (holds('grub rescue> ') || holds('Welcome to GRUB!')) return 'grub';
  return holds([...'\\grub'].map((letter) => `${letter}\0`).join('')) ? 'shim' : 'other';
}

/**
 * What the first sector of a disk starts. `coreSector`: where GRUB's code reads its core image from. `empty`: it is marked as one that can
 * be started, and holds no program, as the protective one of a GPT.
 */
export type BootCode =
  | { readonly kind: 'none' | 'empty' | 'other' }
  | { readonly kind: 'grub'; readonly coreSector: number };

/** From the first 512 bytes of a disk: GRUB's boot.S has its words at 0x180 and the place of the core image at 0x5c. */
export function bootCodeOf(sector: Uint8Array): BootCode {
  if (sector.length < 512) return { kind: 'none' };
  const view = new DataView(sector.buffer, sector.byteOffset, sector.byteLength);
  if (view.getUint16(510, true) !== 0xaa55) return { kind: 'none' };
  if (sector.subarray(0, 440).every((byte) => byte === 0)) return { kind: 'empty' };
  const words = indexOf(sector.subarray(0, 440), 'GRUB \0');
  const core = view.getUint32(0x60, true) * 2 ** 32 + view.getUint32(0x5c, true);
  return words < 0 || core === 0 ? { kind: 'other' } : { kind: 'grub', coreSector: core };
}

/** Whether these sectors begin a core image of GRUB: diskboot.S, its list of blocks, then the header of the packed kernel. */
export function isGrubCore(sectors: Uint8Array): boolean {
  if (sectors.length < 1024) return false;
  const view = new DataView(sectors.buffer, sectors.byteOffset, sectors.byteLength);
  const [packed, unpacked] = [view.getUint32(512 + 8, true), view.getUint32(512 + 12, true)];
  return (
    indexOf(sectors.subarray(0, 512), 'Geom\0') >= 0 &&
    view.getUint16(512 - 4, true) > 0 &&
    packed > 0 &&
    packed < unpacked &&
    unpacked < 64 * 1024 * 1024
  );
}

/**
 * Whether core image sectors of a disk are those of this file, which grub-install leaves beside the modules. Not of the disk alone are the first
 * sector (the list of blocks) and the length that may be repaired, which grub-bios-setup fills in (util/setup.c).
 */
export function isSameCore(sectors: Uint8Array, file: Uint8Array): boolean {
  if (file.length < 1024 || sectors.length < file.length) return false;
  return file.every((byte, at) => at < 512 || (at >= REPAIR.from && at < REPAIR.to) || byte === sectors[at]);
}

/** GRUB_DECOMPRESSOR_I386_PC_REED_SOLOMON_REDUNDANCY, in the second sector. */
const REPAIR = { from: 512 + 0x10, to: 512 + 0x14 } as const;

/** What the first configuration of GRUB looks for: `search.fs_uuid UUID root ...`, in lower case. */
export function searchedUuid(bytes: Uint8Array): string | null {
  for (let from = 0; ; ) {
    const at = indexOf(bytes.subarray(from), 'search.fs_uuid ');
    if (at < 0) return null;
    from += at + 'search.fs_uuid '.length;
    const [uuid] =
      /^[0-9A-Fa-f-]{4,36}(?=\s)/.exec(String.fromCharCode(...bytes.subarray(from, from + 40))) ?? [];
    if (uuid !== undefined) return uuid.toLowerCase();
  }
}

/** The files that an entry of the Boot Loader Specification needs: kernel, images, or one program. */
export function filesOfEntry(text: Uint8Array): readonly string[] {
  const lines = decodeBytes([...text]).split(/\r?\n/);
  return lines.flatMap((line) => {
    const [, , path] = /^\s*(linux|initrd|efi)\s+(\S+)/.exec(line) ?? [];
    return path === undefined ? [] : [path];
  });
}

function indexOf(bytes: Uint8Array, text: string): number {
  const wanted = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  return -1;
}
