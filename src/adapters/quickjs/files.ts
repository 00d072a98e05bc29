import * as host from 'host';
import type { Files } from '../../ports/files.ts';
import { BlockReader } from './block-reader.ts';
import type { EventLoop } from './event-loop.ts';
import { ERROR, errorWords, SystemError } from './system-error.ts';

const MAX_TEXT_BYTES = 1024 * 1024;

export function quickjsFiles(loop: EventLoop): Files {
  const blocks = new BlockReader(loop);
  return {
    readText: async (path, maxBytes = MAX_TEXT_BYTES) => {
      const read = readStart(path, maxBytes);
      return typeof read === 'number' ? null : read;
    },
    readTextOrReason: async (path, maxBytes = MAX_TEXT_BYTES) => {
      const read = readStart(path, maxBytes);
      return typeof read === 'number' ? { reason: reasonOf(read), detail: errorWords(read) } : { text: read };
    },
    readBytes: (path, offset, length) => blocks.read(path, offset, length),
    readFile: async (path, maxBytes) => {
      const read = readChunks(path, maxBytes);
      return typeof read === 'number' ? null : joined(read);
    },
    list: async (path) => {
      const names = host.list(path);
      return typeof names === 'number' ? [] : names.sort();
    },
    readLink: async (path) => textOrNull(host.readLink(path)),
    realPath: async (path) => textOrNull(host.realPath(path)),
    // The boot engine is asked for none: what its image's sysfs says of the node does.
    deviceNumber: async (path) => {
      const name = textOrNull(host.realPath(path))?.replace(/^\/dev\//, '');
      const read =
        name === undefined ? -1 : readStart(`/sys/class/block/${name.replaceAll('/', '!')}/dev`, 64);
      return typeof read === 'number' ? null : read.trim();
    },
    exists: async (path) => host.access(path) === 0,
    writeDurably: async (path, text) => writeDurably(path, text),
    writeValue: async (path, text) => writeFile(path, text, { fresh: false, sync: false }),
    createLink: async (path, target) => createLink(path, target),
    makeFolder: async (path) => makeFolder(path),
    remove: async (path) => {
      const result = host.remove(path);
      if (result !== -ERROR.missing) check('remove', path, result);
    },
  };
}

const textOrNull = (result: string | number): string | null => (typeof result === 'string' ? result : null);

function reasonOf(result: number): 'missing' | 'denied' | 'error' {
  if (result === -ERROR.missing || result === -ERROR.notAFolder) return 'missing';
  return result === -ERROR.denied || result === -ERROR.notPermitted ? 'denied' : 'error';
}

function readStart(path: string, maxBytes: number): string | number {
  const read = readChunks(path, maxBytes);
  return typeof read === 'number' ? read : decode(read);
}

/** The beginning of a file, as it came; the number of an error where it cannot be read. */
function readChunks(path: string, maxBytes: number): readonly ArrayBuffer[] | number {
  const fd = host.openToRead(path);
  if (fd < 0) return fd;
  try {
    const chunks: ArrayBuffer[] = [];
    let length = 0;
    while (length < maxBytes) {
      const chunk = host.read(fd, maxBytes - length);
      if (typeof chunk === 'number') return chunk;
      if (chunk.byteLength === 0) break;
      chunks.push(chunk);
      length += chunk.byteLength;
    }
    return chunks;
  } finally {
    host.close(fd);
  }
}

function decode(chunks: readonly ArrayBuffer[]): string {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return host.decodeUtf8(only, 0, only.byteLength);
  const all = joined(chunks);
  return host.decodeUtf8(all.buffer, 0, all.length);
}

function joined(chunks: readonly ArrayBuffer[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(new Uint8Array(chunk), at);
    at += chunk.byteLength;
  }
  return all;
}

function createLink(path: string, target: string): boolean {
  const made = host.createLink(path, target);
  if (made === -ERROR.exists) return false;
  check('create', path, made);
  return true;
}

function makeFolder(path: string): void {
  const above = path.slice(0, path.lastIndexOf('/'));
  const made = host.makeFolder(path);
  if (made === -ERROR.missing && above !== '') {
    makeFolder(above);
    check('make', path, host.makeFolder(path));
  } else if (made !== -ERROR.exists || typeof host.list(path) === 'number') check('make', path, made);
}

function writeDurably(path: string, text: string): void {
  const folder = path.slice(0, path.lastIndexOf('/')) || '/';
  const temporary = `${folder}/.${path.slice(path.lastIndexOf('/') + 1)}.${host.processId()}.new`;
  host.remove(temporary);
  try {
    writeFile(temporary, text, { fresh: true, sync: true });
    check('rename', path, host.rename(temporary, path));
  } catch (error) {
    host.remove(temporary);
    throw error;
  }
  const folderFd = check('open', folder, host.openToRead(folder));
  try {
    check('sync', folder, host.sync(folderFd));
  } finally {
    host.close(folderFd);
  }
}

function writeFile(
  path: string,
  text: string,
  how: { readonly fresh: boolean; readonly sync: boolean },
): void {
  const fd = check('open', path, host.openToWrite(path, how.fresh));
  let result = 0;
  try {
    let written = 0;
    for (;;) {
      const put = check('write', path, host.write(fd, text, written));
      if (put === 0) break;
      written += put;
    }
    if (how.sync) check('sync', path, host.sync(fd));
  } finally {
    result = host.close(fd);
  }
  check('close', path, result);
}

function check(act: string, path: string, result: number): number {
  if (result < 0) throw new SystemError(act, path, result);
  return result;
}
