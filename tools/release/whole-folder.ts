/** A folder that is there whole, or as it was before: it is filled beside its place, written to the disk, and renamed. */
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export async function wholeFolder(
  folder: string,
  fill: (unfinished: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(folder);
  const unfinished = join(parent, `.${basename(folder)}.new`);
  const before = join(parent, `.${basename(folder)}.old`);
  await mkdir(parent, { recursive: true });
  // Of a run that was killed: between the two renames it has left the folder under the other name.
  await rm(unfinished, { recursive: true, force: true });
  if (!existsSync(folder) && existsSync(before)) await rename(before, folder);
  await rm(before, { recursive: true, force: true });
  await mkdir(unfinished);
  try {
    await fill(unfinished);
    await syncTree(unfinished);
    if (existsSync(folder)) await rename(folder, before);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(folder) && existsSync(before)) await rename(before, folder);
    throw error;
  }
  await sync(parent);
  await rm(before, { recursive: true, force: true });
}

async function syncTree(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await sync(join(entry.parentPath, entry.name));
  await sync(folder);
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
