/**
 * A repository for apt: the packages in a pool, a list of them for each processor, and a signed list of those lists. Its folder is served as
 * it is, by any web server or from a disk.
 */
import { link, mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { execa } from 'execa';
import { ToolError } from '../project.ts';
import type { SigningKey } from './signing-key.ts';

export interface DebianPackage {
  readonly path: string;
  /** As Debian names it. */
  readonly architecture: string;
}

const SUITE = 'stable';
const POOL = 'pool/main/r/reliable-raid';
export const PUBLIC_KEY = 'reliable-raid.asc';

/** The packages are on the same file system as `folder`, and take no more room in its pool. `date`: seconds since 1970. */
export async function aptRepository(
  folder: string,
  packages: readonly DebianPackage[],
  key: SigningKey,
  date: number,
): Promise<void> {
  await mkdir(join(folder, POOL), { recursive: true });
  for (const { path } of packages) await link(path, join(folder, POOL, basename(path)));
  const architectures = [...new Set(packages.map(({ architecture }) => architecture))].sort();
  for (const architecture of architectures) {
    const lists = join(folder, 'dists', SUITE, 'main', `binary-${architecture}`);
    await mkdir(lists, { recursive: true });
    const list = await ftparchive(folder, ['--arch', architecture, 'packages', 'pool']);
    await writeFile(join(lists, 'Packages'), list);
    await writeFile(join(lists, 'Packages.gz'), gzipSync(list, { level: 9 }));
  }
  const dists = join(folder, 'dists', SUITE);
  const release = await ftparchive(
    dists,
    options('Release::', {
      Origin: 'reliable-raid',
      Label: 'reliable-raid',
      Suite: SUITE,
      Codename: SUITE,
      Architectures: architectures.join(' '),
      Components: 'main',
      Description: 'reliable-raid for Debian and Ubuntu',
      // apt takes no lists that are older than those it has.
      Date: new Date(date * 1000).toUTCString().replace('GMT', '+0000'),
    }).concat('release', '.'),
  );
  await writeFile(join(dists, 'Release'), release);
  await key.signInside(join(dists, 'Release'), join(dists, 'InRelease'));
  await key.signBeside(join(dists, 'Release'), join(dists, 'Release.gpg'));
  await writeFile(join(folder, PUBLIC_KEY), await key.publicKey());
}

export async function needFtparchive(): Promise<void> {
  await ftparchive('/', ['--version']);
}

/** apt of today reads neither MD5 nor SHA1. */
async function ftparchive(folder: string, args: readonly string[]): Promise<string> {
  const sums = options('', { MD5: 'false', SHA1: 'false' });
  const run = await execa('apt-ftparchive', [...sums, ...args], {
    cwd: folder,
    env: { LC_ALL: 'C' },
    stdin: 'ignore',
    stripFinalNewline: false,
    reject: false,
  });
  if (run.code === 'ENOENT')
    throw new ToolError(
      'apt-ftparchive is not installed: it makes the repository',
      'sudo apt-get install apt-utils, or leave the repository out: npm run release -- --no-repository',
    );
  if (run.failed)
    throw new ToolError(`apt-ftparchive ${args.join(' ')} in ${folder}:\n${run.stderr || run.message}`);
  return run.stdout;
}

const options = (group: string, values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values).flatMap(([name, value]) => ['-o', `APT::FTPArchive::${group}${name}=${value}`]);
