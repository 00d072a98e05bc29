import type { Files } from '../../ports/files.ts';
import type { EspFiles } from './esp-files.ts';

type Reads = Pick<Files, 'list' | 'readFile'>;

/** The files of a FAT where it is mounted: what was written to it last may not be on its device yet. Nothing is written. */
export class MountedFat implements EspFiles {
  private readonly files: Reads;
  private readonly mountPoint: string;

  constructor(files: Reads, mountPoint: string) {
    this.files = files;
    this.mountPoint = mountPoint;
  }

  async names(folder: string): Promise<readonly string[]> {
    const path = await this.pathOf(folder);
    return path === null ? [] : this.files.list(path);
  }

  async isFile(path: string): Promise<boolean> {
    return (await this.readFile(path, 1)) !== null;
  }

  async readFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
    const found = await this.pathOf(path);
    return found === null ? null : this.files.readFile(found, maxBytes);
  }

  /** As it is written there: a mount may tell letters apart by their case. */
  private async pathOf(path: string): Promise<string | null> {
    let at = this.mountPoint;
    for (const part of path.split(/[/\\]/).filter((name) => name !== '')) {
      const names = await this.files.list(at);
      const name = names.find((one) => one.toLowerCase() === part.toLowerCase());
      if (name === undefined) return null;
      at = `${at}/${name}`;
    }
    return at;
  }
}
