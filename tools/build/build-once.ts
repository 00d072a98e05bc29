/** Folders under dist/.cache that take long to make and are made once for the same inputs. */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DIST, ROOT } from '../project.ts';
import { keyOf } from './content-key.ts';

/** The folder `name-KEY`; `build` fills one with another name, which takes its place whole, also when two do it at once. */
export async function builtOnce(
  name: string,
  inputs: readonly string[],
  build: (folder: string) => Promise<void>,
): Promise<string> {
  const key = await keyOf([name, ...inputs], ROOT, []);
  const folder = join(DIST, '.cache', `${name}-${key.slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished);
  try {
    await build(unfinished);
    await rename(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
