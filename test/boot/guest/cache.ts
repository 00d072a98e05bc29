// What takes long to build is kept, named by a hash of everything that went into it.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { say } from './progress.ts';

export function cacheRoot(): string {
  return process.env['RELIABLE_RAID_CACHE'] ?? join(homedir(), '.cache', 'reliable-raid');
}

export function contentHash(...inputs: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 16);
}

export function fileHash(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
}

/**
 * The folder `kind/hash(inputs)` of the cache. If it is not there yet, `build` fills a folder with a
 * temporary name, which gets its real name only when it is whole. Of each kind the `keep` last used ones stay.
 */
export async function cached(
  kind: string,
  inputs: readonly unknown[],
  build: (folder: string) => Promise<void>,
  keep = 3,
): Promise<string> {
  const folder = join(cacheRoot(), kind, contentHash(...inputs));
  const underWay = building.get(folder);
  if (underWay !== undefined) return underWay;
  const built = found(kind, folder, build, keep);
  building.set(folder, built);
  try {
    return await built;
  } finally {
    building.delete(folder);
  }
}

/** A guest of several disks, and the copies that the machines which run meanwhile write to. */
const ROOM_TO_BUILD_BYTES = 8 * 2 ** 30;

/** What two of one process want at once is built once. */
const building = new Map<string, Promise<string>>();

async function found(
  kind: string,
  folder: string,
  build: (folder: string) => Promise<void>,
  keep: number,
): Promise<string> {
  if (existsSync(folder)) {
    const now = new Date();
    utimesSync(folder, now, now);
    return folder;
  }
  forgetOldest(join(cacheRoot(), kind), keep - 1);
  for (const gone of await makeRoom(ROOM_TO_BUILD_BYTES)) say(`the disk is nearly full: ${gone} is removed`);
  const unfinished = `${folder}.unfinished-${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  try {
    await build(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** What a new package makes useless goes first, then what was used longest ago, until no more than `mostBytes` are kept. */
export async function trimCache(mostBytes: number): Promise<{ readonly keptBytes: number }> {
  const all = await leastUsefulFirst();
  let keptBytes = all.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { folder, bytes } of all) {
    if (keptBytes <= mostBytes) break;
    rmSync(folder, { recursive: true, force: true });
    keptBytes -= bytes;
  }
  return { keptBytes };
}

/** Where the disk has less than `freeBytes` left, the same go, but for what was used so lately that a machine may run on it. Those that went. */
export async function makeRoom(freeBytes: number): Promise<readonly string[]> {
  mkdirSync(cacheRoot(), { recursive: true });
  const { bavail, bsize } = statfsSync(cacheRoot());
  let short = freeBytes - bavail * bsize;
  const gone: string[] = [];
  if (short <= 0) return gone;
  for (const { folder, bytes, used } of await leastUsefulFirst()) {
    if (short <= 0) break;
    if (used > Date.now() - MAYBE_IN_USE_MS) continue;
    rmSync(folder, { recursive: true, force: true });
    gone.push(folder);
    short -= bytes;
  }
  return gone;
}

const MAYBE_IN_USE_MS = 20 * 60_000;

async function leastUsefulFirst(): Promise<readonly { folder: string; bytes: number; used: number }[]> {
  const all = await Promise.all(
    foldersOfCache().map(async (folder) => ({
      folder,
      bytes: await bytesOnDisk(folder),
      used: usedAt(folder),
    })),
  );
  const ofPackage = ({ folder }: { readonly folder: string }) =>
    /-(product|removed|split)$/.test(dirname(folder)) ? 0 : 1;
  return all.sort((one, other) => ofPackage(one) - ofPackage(other) || one.used - other.used);
}

function foldersOfCache(): string[] {
  if (!existsSync(cacheRoot())) return [];
  const kinds = readdirSync(cacheRoot(), { withFileTypes: true }).filter((kind) => kind.isDirectory());
  return kinds.flatMap(({ name }) =>
    readdirSync(join(cacheRoot(), name)).map((folder) => join(cacheRoot(), name, folder)),
  );
}

/** Disks are sparse: what counts is the blocks they hold. None where another program that uses the cache has just removed it. */
async function bytesOnDisk(folder: string): Promise<number> {
  const measured = await execa('du', ['--summarize', '--block-size=1', folder], { reject: false });
  if (measured.failed && existsSync(folder)) throw new Error(`du ${folder}: ${measured.stderr}`);
  return Number.parseInt(measured.stdout, 10) || 0;
}

/** Long ago, where another program has just removed it. */
function usedAt(folder: string): number {
  return statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function forgetOldest(folder: string, keep: number): void {
  if (!existsSync(folder)) return;
  const whole = readdirSync(folder).filter((name) => !name.includes('.unfinished-'));
  const byUse = whole.map((name) => ({ name, used: usedAt(join(folder, name)) }));
  byUse.sort((one, other) => other.used - one.used);
  for (const { name } of byUse.slice(keep)) rmSync(join(folder, name), { recursive: true, force: true });
}
