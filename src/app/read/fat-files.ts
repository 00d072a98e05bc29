import {
  clusterOffset,
  type FatEntry,
  type FatLayout,
  fatEntryPlace,
  nextCluster,
  parseFatFolder,
  parseFatLayout,
} from '../../core/parse/fat.ts';
import type { Files } from '../../ports/files.ts';
import type { EspFiles } from './esp-files.ts';

/** A folder has at most 65536 entries; what is longer is broken. */
const MAX_FOLDER_BYTES = 2 * 1024 * 1024;

const FAT_BLOCK_BYTES = 4096;
const SECTOR_BYTES = 512;

/** The files of a FAT, read from its block device, mounted or not; nothing is written. */
export class FatFiles implements EspFiles {
  private readonly read: (offset: number, length: number) => Promise<Uint8Array | null>;
  private readonly layout: FatLayout;
  private readonly fatBlocks = new Map<number, Uint8Array>();

  private constructor(read: FatFiles['read'], layout: FatLayout) {
    this.read = read;
    this.layout = layout;
  }

  /** null where there is no FAT, or it cannot be read. */
  static async open(files: Pick<Files, 'readBytes'>, device: string): Promise<FatFiles | null> {
    const read = (offset: number, length: number) => files.readBytes(device, offset, length);
    const sector = await read(0, SECTOR_BYTES);
    const layout = sector === null ? null : parseFatLayout(sector);
    return layout?.ok ? new FatFiles(read, layout.value) : null;
  }

  /** Entries of a folder; null where it is none. */
  async list(path: string): Promise<readonly FatEntry[] | null> {
    const { root } = this.layout;
    let bytes =
      root.kind === 'chain'
        ? await this.readChain(root.cluster, MAX_FOLDER_BYTES)
        : await this.read(root.offset, root.bytes);
    for (const name of path.split(/[/\\]/).filter((part) => part !== '')) {
      const entry = bytes === null ? undefined : find(parseFatFolder(bytes), name);
      if (entry?.isFolder !== true) return null;
      bytes = await this.readChain(entry.cluster, MAX_FOLDER_BYTES);
    }
    return bytes === null ? null : parseFatFolder(bytes);
  }

  async names(path: string): Promise<readonly string[]> {
    return ((await this.list(path)) ?? []).map(({ name }) => name);
  }

  async isFile(path: string): Promise<boolean> {
    return (await this.find(path))?.isFolder === false;
  }

  /** What a path leads to, by FAT's rules: in any case, with either slash. */
  async find(path: string): Promise<FatEntry | null> {
    const parts = path.split(/[/\\]/).filter((part) => part !== '');
    const folder = await this.list(parts.slice(0, -1).join('/'));
    return find(folder ?? [], parts.at(-1) ?? '') ?? null;
  }

  /** The beginning of a file; null where there is none, or its clusters are broken. */
  async readFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
    const entry = await this.find(path);
    if (entry === null || entry.isFolder) return null;
    const wanted = Math.min(entry.sizeBytes, maxBytes);
    if (wanted === 0) return new Uint8Array(0);
    const bytes = await this.readChain(entry.cluster, wanted);
    return bytes === null || bytes.length < wanted ? null : bytes.subarray(0, wanted);
  }

  /** A chain is many entries that lie together: a block of the FAT is read once. */
  private async readFat(offset: number, bytes: number): Promise<Uint8Array | null> {
    const from = offset - (offset % FAT_BLOCK_BYTES);
    let block = this.fatBlocks.get(from) ?? null;
    // An entry of 12 bits may reach into the next block; whole sectors are read past what was cached once.
    block ??= await this.read(from, FAT_BLOCK_BYTES + SECTOR_BYTES);
    if (block === null) return null;
    this.fatBlocks.set(from, block);
    return block.subarray(offset - from, offset - from + bytes);
  }

  /** A chain of clusters, up to so many bytes; clusters that follow each other are read at once. */
  private async readChain(first: number, maxBytes: number): Promise<Uint8Array | null> {
    const { clusterBytes } = this.layout;
    const most = Math.ceil(maxBytes / clusterBytes);
    const chain: number[] = [];
    for (let cluster: number | null = first; cluster !== null && chain.length < most; ) {
      if (clusterOffset(this.layout, cluster) === null) return null;
      chain.push(cluster);
      const place = fatEntryPlace(this.layout, cluster);
      const bytes = place === null ? null : await this.readFat(place.offset, place.bytes);
      if (bytes === null) return null;
      cluster = nextCluster(this.layout, cluster, bytes);
    }
    const content = new Uint8Array(chain.length * clusterBytes);
    for (let from = 0; from < chain.length; ) {
      let to = from + 1;
      while (to < chain.length && chain[to] === (chain[to - 1] ?? 0) + 1) to += 1;
      const offset = clusterOffset(this.layout, chain[from] ?? 0) ?? 0;
      const bytes = await this.read(offset, (to - from) * clusterBytes);
      if (bytes === null) return null;
      content.set(bytes, from * clusterBytes);
      from = to;
    }
    return content;
  }
}

const find = (entries: readonly FatEntry[], name: string): FatEntry | undefined =>
  entries.find((entry) => entry.name.toLowerCase() === name.toLowerCase());
