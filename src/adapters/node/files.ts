import { accessSync, closeSync, constants, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { type FileHandle, mkdir, open, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Files } from '../../ports/files.ts';
import { AlignedBuffers } from './aligned-buffers.ts';

const DEFAULT_TEXT_BYTES = 1024 * 1024;
const CHUNK_BYTES = 16_384;
const CHUNK = Buffer.alloc(CHUNK_BYTES);
/** A superblock, and a part of a longer read: how many of each at once. */
const SMALL_READS = [4096, 16] as const;
const LARGE_READS = [131_072, 2] as const;
/** A dying disk may take minutes to answer; the boot does not wait for it. */
const READ_TIMEOUT_MS = 5000;
/** Never block in open(), even where the path is a FIFO or a terminal. */
const AT_ONCE = constants.O_NONBLOCK | constants.O_NOCTTY;

// Each read of a disk that hangs keeps a thread; the four that libuv starts by default are too few.
process.env['UV_THREADPOOL_SIZE'] ??= '16';

type TextOrReason = Awaited<ReturnType<Files['readTextOrReason']>>;

/**
 * Texts, names and links are read at once, not on a thread of their own: a machine with 2,000 disks has 20,000 of them, nearly all made by the
 * kernel on the spot, and each way to a thread and back costs ten times the reading. Devices, whose reads may not come back, have threads.
 */
export class NodeFiles implements Files {
  private readonly small = alignedBuffersOrNone(...SMALL_READS);
  private large: AlignedBuffers | null | undefined;
  /** Devices whose last read has not come back yet, though nobody waits for it any more: not asked again meanwhile. */
  private readonly hanging = new Set<string>();

  async readText(path: string, maxBytes = DEFAULT_TEXT_BYTES): Promise<string | null> {
    const result = await this.readTextOrReason(path, maxBytes);
    return 'text' in result ? result.text : null;
  }

  async readTextOrReason(path: string, maxBytes = DEFAULT_TEXT_BYTES): Promise<TextOrReason> {
    try {
      return { text: readTextNow(path, maxBytes) };
    } catch (error) {
      return { reason: reasonOf(error), detail: messageOf(error) };
    }
  }

  /**
   * Past the page cache, since md writes superblocks past it too: while an array holds a device, what was cached of it once
   * is never read again. Files that cannot be read so (tmpfs) are read as usual.
   */
  async readBytes(path: string, offset: number, length: number): Promise<Uint8Array | null> {
    const { hanging } = this;
    if (hanging.has(path)) return null;
    const buffers = offset % 512 === 0 && length % 512 === 0 ? this.buffersFor(length) : null;
    const read =
      buffers !== null
        ? readDirect(buffers, path, offset, length).catch(() => readCached(path, offset, length))
        : readCached(path, offset, length);
    const answer = read.catch(() => null);
    return withTimeout(answer, READ_TIMEOUT_MS, () => {
      hanging.add(path);
      void answer.then(() => hanging.delete(path));
    });
  }

  private buffersFor(length: number): AlignedBuffers | null {
    if (length <= SMALL_READS[0]) return this.small;
    this.large ??= alignedBuffersOrNone(...LARGE_READS);
    return this.large;
  }

  async readFile(path: string, maxBytes: number): Promise<Uint8Array | null> {
    let file: FileHandle | undefined;
    try {
      file = await open(path, constants.O_RDONLY | AT_ONCE);
      return await readUpTo(file, maxBytes);
    } catch {
      return null;
    } finally {
      await file?.close().catch(() => undefined);
    }
  }

  async list(path: string): Promise<readonly string[]> {
    try {
      return readdirSync(path).sort();
    } catch {
      return [];
    }
  }

  async readLink(path: string): Promise<string | null> {
    try {
      return readlinkSync(path);
    } catch {
      return null;
    }
  }

  async realPath(path: string): Promise<string | null> {
    return realpath(path).catch(() => null);
  }

  async exists(path: string): Promise<boolean> {
    try {
      accessSync(path);
      return true;
    } catch {
      return false;
    }
  }

  async deviceNumber(path: string): Promise<string | null> {
    return stat(path).then(
      (found) => (found.isBlockDevice() ? majorMinor(found.rdev) : null),
      () => null,
    );
  }

  async writeDurably(path: string, text: string): Promise<void> {
    const folder = dirname(path);
    const temporary = join(folder, `.${basename(path)}.${process.pid}.new`);
    try {
      await withFile(temporary, 'w', async (file) => {
        await file.writeFile(text);
        await file.sync();
      });
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
    await withFile(folder, 'r', (file) => file.sync());
  }

  async writeValue(path: string, text: string): Promise<void> {
    // Sysfs takes the whole value in one write, whose result says whether it was accepted.
    const { O_WRONLY, O_CREAT, O_TRUNC } = constants;
    await withFile(path, O_WRONLY | O_CREAT | O_TRUNC | AT_ONCE, async (file) => {
      await file.write(text);
    });
  }

  async createLink(path: string, target: string): Promise<boolean> {
    try {
      await symlink(target, path);
      return true;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
      throw error;
    }
  }

  async makeFolder(path: string): Promise<void> {
    await mkdir(path, { recursive: true });
  }

  async remove(path: string): Promise<void> {
    await rm(path, { force: true });
  }
}

/** As glibc's gnu_dev_major and gnu_dev_minor take a device number apart; minors have 20 bits in the kernel. */
const majorMinor = (rdev: number): string =>
  `${Math.floor(rdev / 256) % 4096}:${(Math.floor(rdev / 2 ** 20) % 4096) * 256 + (rdev % 256)}`;

async function readDirect(
  buffers: AlignedBuffers,
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_DIRECT | AT_ONCE);
  const slot = await buffers.take();
  try {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length; ) {
      const part = Math.min(slot.length, length - done);
      const { bytesRead } = await file.read(slot, 0, part, offset + done);
      if (bytesRead !== part) return null;
      bytes.set(slot.subarray(0, part), done);
      done += part;
    }
    return bytes;
  } finally {
    buffers.give(slot);
    await file.close();
  }
}

async function readCached(path: string, offset: number, length: number): Promise<Uint8Array | null> {
  const file = await open(path, constants.O_RDONLY | AT_ONCE);
  try {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) return null;
      done += bytesRead;
    }
    return bytes;
  } finally {
    await file.close();
  }
}

function readTextNow(path: string, maxBytes: number): string {
  const file = openSync(path, constants.O_RDONLY | AT_ONCE);
  try {
    const chunks: Buffer[] = [];
    for (let left = maxBytes; left > 0; ) {
      const size = readSync(file, CHUNK, 0, Math.min(CHUNK_BYTES, left), null);
      if (size === 0) break;
      chunks.push(Buffer.from(CHUNK.subarray(0, size)));
      left -= size;
    }
    return Buffer.concat(chunks).toString('utf8');
  } finally {
    closeSync(file);
  }
}

async function readUpTo(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  while (left > 0) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, left));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
    if (bytesRead === 0) break;
    chunks.push(chunk.subarray(0, bytesRead));
    left -= bytesRead;
  }
  return Buffer.concat(chunks);
}

function alignedBuffersOrNone(slotBytes: number, slots: number): AlignedBuffers | null {
  try {
    return new AlignedBuffers(slotBytes, slots);
  } catch {
    return null;
  }
}

async function withFile(
  path: string,
  flags: string | number,
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags);
  try {
    await use(file);
  } finally {
    await file.close();
  }
}

function withTimeout<T>(value: Promise<T>, timeoutMs: number, late: () => void): Promise<T | null> {
  return new Promise((resolve) => {
    const giveUp = () => {
      late();
      resolve(null);
    };
    // What has come back while this process was busy is taken first.
    let afterReads: NodeJS.Immediate | undefined;
    const timer = setTimeout(() => {
      afterReads = setImmediate(giveUp);
    }, timeoutMs);
    void value.then((result) => {
      clearTimeout(timer);
      clearImmediate(afterReads);
      resolve(result);
    });
  });
}

function reasonOf(error: unknown): 'missing' | 'denied' | 'error' {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
  return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'error';
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
