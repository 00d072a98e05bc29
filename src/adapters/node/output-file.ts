import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { OutputFile } from '../../ports/output-file.ts';

/** As the kernel: more links in a row than this lead nowhere. */
const MAX_LINKS = 40;
const MODE_BITS = 0o7777;
/** Nobody else reads it before it has the mode that it is to have. */
const NEW_FILE_MODE = 0o600;

export const nodeOutputFile: OutputFile = {
  write: async (path, text) => {
    const before = await statOrNull(path);
    if (before === null) return replace(await endOfLinks(path), text, null);
    if (before.isDirectory()) throw new Error('it is a folder');
    if (before.isBlockDevice()) throw new Error('it is a block device, whose data this would overwrite');
    const target = before.isFile() ? await ownName(path, before) : null;
    return target === null ? writeThrough(path, text, before.isFile()) : replace(target, text, before);
  },
};

async function statOrNull(path: string): Promise<Stats | null> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/** Where a link that leads to no file yet would have one made. */
async function endOfLinks(path: string): Promise<string> {
  let end = resolve(path);
  for (let i = 0; i < MAX_LINKS; i++) {
    const link = await lstat(end).catch(() => null);
    if (link?.isSymbolicLink() !== true) return end;
    end = resolve(await realpath(dirname(end)), await readlink(end));
  }
  throw new Error('too many links');
}

/** The file's own name; null where it has none that leads to it, as behind /dev/stdout after the file was removed. */
async function ownName(path: string, { dev, ino }: Stats): Promise<string | null> {
  const name = await realpath(path).catch(() => null);
  const named = name === null ? null : await stat(name).catch(() => null);
  return named?.dev === dev && named.ino === ino ? name : null;
}

async function writeThrough(path: string, text: string, truncate: boolean): Promise<void> {
  const file = await open(path, constants.O_WRONLY | constants.O_NOCTTY | (truncate ? constants.O_TRUNC : 0));
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

async function replace(path: string, text: string, before: Stats | null): Promise<void> {
  const folder = dirname(path);
  const temporary = join(folder, `.${basename(path)}.${process.pid}.new`);
  await rm(temporary, { force: true });
  // Where none was, the mode is what the umask leaves.
  const file = await open(temporary, 'wx', before === null ? 0o666 : NEW_FILE_MODE);
  try {
    try {
      if (before !== null) await giveTo(file, before);
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  const place = await open(folder, 'r');
  try {
    await place.sync();
  } finally {
    await place.close();
  }
}

async function giveTo(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid)
    await file.chown(uid, gid).catch(() => {
      throw new Error(`its owner and group (${uid}:${gid}) cannot be kept; run it as root`);
    });
  // After the owner: that takes bits of the mode away.
  await file.chmod(mode & MODE_BITS);
}
