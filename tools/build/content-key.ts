/**
 * Skips a step whose inputs did not change, by content and not by time: a step writes the key of its inputs and of its
 * output beside the output, and is up to date while both are still the same.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** One key for texts and for every file under the given paths: names, permissions to execute, and bytes. */
export async function keyOf(
  texts: readonly string[],
  root: string,
  paths: readonly string[],
): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:${text}\n`);
  for (const path of await filesUnder(root, paths)) {
    const { mode } = await stat(path);
    const executable = (mode & 0o100) === 0 ? '-' : 'x';
    hash.update(`${relative(root, path)} ${executable} ${await sha256OfFile(path)}\n`);
  }
  return hash.digest('hex');
}

async function filesUnder(root: string, paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const full = join(root, path);
    if (!existsSync(full)) continue;
    if (!(await stat(full)).isDirectory()) {
      found.push(full);
      continue;
    }
    for (const entry of await readdir(full, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) found.push(join(entry.parentPath, entry.name));
    }
  }
  return found.sort();
}

export async function isUpToDate(output: string, key: string): Promise<boolean> {
  if (!existsSync(output) || !existsSync(keyFile(output))) return false;
  return (await readFile(keyFile(output), 'utf8')) === keyText(key, await sha256OfFile(output));
}

export async function recordKey(output: string, key: string): Promise<void> {
  await writeFile(keyFile(output), keyText(key, await sha256OfFile(output)));
}

function keyFile(output: string): string {
  return `${output}.key`;
}

function keyText(key: string, outputSha256: string): string {
  return `inputs ${key}\noutput ${outputSha256}\n`;
}
