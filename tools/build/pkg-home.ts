/** The home folder that pkg runs in, where it looks for the Node to put a program into. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DIST, ROOT } from '../project.ts';
import type { Arch, BaseNode } from './base-node.ts';
import { builtOnce } from './build-once.ts';
import { keyOf } from './content-key.ts';
import { RECIPE, slimNode } from './slim-node.ts';

/** With our Node in its cache pkg downloads nothing; without one it fetches its own. */
export async function pkgHome(arch: Arch, base: BaseNode | null): Promise<string> {
  const plain = join(DIST, '.pkg-home');
  await mkdir(plain, { recursive: true });
  if (base === null) return plain;
  const recipe = await keyOf([arch, base.version], ROOT, RECIPE);
  return builtOnce('pkg-home', [recipe], async (home) => {
    const node = cachedNode(home, arch, base);
    const archive = `${dirname(dirname(node))}.tar.gz`;
    await mkdir(dirname(node), { recursive: true });
    await copyFile(base.path, node);
    await slimNode(node, arch);
    await writeFile(archive, '');
    await writeFile(`${archive}.ok`, '');
    await writeFile(`${node}.ok`, '');
  });
}

export const cachedNode = (home: string, arch: Arch, { version }: BaseNode): string =>
  join(home, '.pkg-cache', 'sea', `node-v${version}-linux-${arch}`, 'bin', 'node');
