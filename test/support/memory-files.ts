import type { Files } from '../../src/ports/files.ts';

/** Files that are nowhere: texts by path, folders as the paths imply, and what was written, in order. */
export class MemoryFiles implements Files {
  readonly texts: Map<string, string>;
  readonly links = new Map<string, string>();
  /** `major:minor` of device nodes, by path. */
  readonly numbers = new Map<string, string>();
  /** Content of devices. */
  readonly bytes = new Map<string, Uint8Array>();
  /** Paths that cannot be read or written, and why. */
  readonly broken = new Map<string, { readonly reason: 'denied' | 'error'; readonly detail: string }>();
  readonly writes: string[] = [];

  constructor(texts: Readonly<Record<string, string>> = {}) {
    this.texts = new Map(Object.entries(texts));
  }

  async readText(path: string): Promise<string | null> {
    return this.broken.has(path) ? null : (this.texts.get(path) ?? null);
  }

  async readTextOrReason(path: string): ReturnType<Files['readTextOrReason']> {
    const broken = this.broken.get(path);
    if (broken !== undefined) return broken;
    const text = this.texts.get(path);
    return text === undefined ? { reason: 'missing', detail: 'no such file' } : { text };
  }

  async readBytes(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    const found = this.bytes.get(path)?.subarray(offset, offset + length);
    return found?.length === length ? found : null;
  }

  async readFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
    const text = this.texts.get(path);
    const whole = this.bytes.get(path) ?? (text === undefined ? null : new TextEncoder().encode(text));
    return whole?.subarray(0, maxBytes) ?? null;
  }

  async list(path: string): Promise<readonly string[]> {
    const names = [...this.texts.keys(), ...this.links.keys(), ...this.bytes.keys()]
      .filter((each) => each.startsWith(`${path}/`))
      .map((each) => each.slice(path.length + 1).split('/', 1)[0] ?? '');
    return [...new Set(names)].sort();
  }

  async readLink(path: string): Promise<string | null> {
    return this.links.get(path) ?? null;
  }

  async realPath(path: string): Promise<string | null> {
    return this.links.get(path) ?? ((await this.exists(path)) ? path : null);
  }

  async exists(path: string): Promise<boolean> {
    return this.texts.has(path) || this.bytes.has(path) || (await this.list(path)).length > 0;
  }

  async deviceNumber(path: string): Promise<string | null> {
    return this.numbers.get(this.links.get(path) ?? path) ?? null;
  }

  async writeDurably(path: string, text: string): Promise<void> {
    const broken = this.broken.get(path);
    if (broken !== undefined) throw new Error(broken.detail);
    this.writes.push(`${path} ${text.trim()}`);
    this.texts.set(path, text);
  }

  writeValue(path: string, text: string): Promise<void> {
    return this.writeDurably(path, text);
  }

  async createLink(path: string, target: string): Promise<boolean> {
    if (this.links.has(path) || this.texts.has(path)) return false;
    const broken = this.broken.get(path);
    if (broken !== undefined) throw new Error(broken.detail);
    this.links.set(path, target);
    return true;
  }

  async makeFolder(): Promise<void> {}

  async remove(path: string): Promise<void> {
    this.texts.delete(path);
    this.links.delete(path);
  }
}
