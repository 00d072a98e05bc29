/**
 * Builds the Debian package with debhelper, from a staged copy of the files it installs.
 *   npm run package [-- --arch x64|arm64]   ->   dist/reliable-raid_VERSION_amd64.deb
 */
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { archOption } from '../build/arch.ts';
import type { Arch } from '../build/base-node.ts';
import { buildBinary, hostArch } from '../build/build.ts';
import { buildBootEngine } from '../build/build-boot-engine.ts';
import { completions, writeCompletions } from '../build/completions.ts';
import { isUpToDate, keyOf, recordKey } from '../build/content-key.ts';
import { reportBuilt } from '../build/report-built.ts';
import { DIST, PACKAGE, ROOT, runTool, ToolError } from '../project.ts';
import { neededLibraries } from './needed-libraries.ts';
import { SOURCES } from './sources.ts';

export const DEBIAN_ARCH: Readonly<Record<Arch, string>> = { x64: 'amd64', arm64: 'arm64' };

/** packaging/debian/*.install says where each goes. */
const OF_DEBIAN = [...SOURCES, 'packaging/debian', 'initramfs-tools'] as const;

/** How hard zstd tries: packed at each build in seconds; or once in minutes, an eighth smaller for all who fetch it. */
export type Effort = 'quick' | 'small';
const ZSTD_LEVEL: Readonly<Record<Effort, string>> = { quick: '9', small: '19' };

export async function buildPackage(arch: Arch, effort: Effort = 'quick'): Promise<string> {
  const binary = await buildBinary(arch);
  const engine = await buildBootEngine(arch);
  const name = `reliable-raid_${PACKAGE.version}_${DEBIAN_ARCH[arch]}.deb`;
  const output = join(DIST, name);
  const key = await keyOf([arch, effort, JSON.stringify(completions())], ROOT, [
    ...OF_DEBIAN,
    relative(ROOT, binary),
    relative(ROOT, engine),
  ]);
  if (await isUpToDate(output, key)) {
    await reportBuilt(output, 'unchanged');
    return output;
  }
  await checkChangelog();
  await needDebhelper();
  const work = join(DIST, '.package');
  const tree = join(work, `reliable-raid-${PACKAGE.version}`);
  await rm(work, { recursive: true, force: true });
  await stage(tree, binary, engine);
  if (arch !== hostArch())
    await writeFile(join(tree, 'debian/needed-libraries'), await neededLibraries(arch, tree));
  const build = await execa('dpkg-buildpackage', ['-b', '--no-sign', '-d', `-a${DEBIAN_ARCH[arch]}`], {
    cwd: tree,
    env: { NODE_OPTIONS: undefined, ZSTD_LEVEL: ZSTD_LEVEL[effort] },
    stdin: 'ignore',
    all: true,
    reject: false,
  });
  if (build.failed || !existsSync(join(work, name))) {
    throw new ToolError(`dpkg-buildpackage made no package:\n${build.all}`);
  }
  await rename(join(work, name), output);
  await rm(work, { recursive: true });
  await recordKey(output, key);
  await reportBuilt(output, 'built');
  return output;
}

async function stage(tree: string, binary: string, engine: string): Promise<void> {
  for (const source of OF_DEBIAN) {
    if (!existsSync(join(ROOT, source))) continue;
    const target = join(tree, source === 'packaging/debian' ? 'debian' : source);
    await mkdir(dirname(target), { recursive: true });
    await cp(join(ROOT, source), target, { recursive: true });
  }
  await writeCompletions(join(tree, 'dist'));
  for (const [from, to] of [
    [binary, 'reliable-raid'],
    [engine, 'boot-engine'],
  ] as const) {
    await cp(from, join(tree, 'dist', to));
    await chmod(join(tree, 'dist', to), 0o755);
  }
  const notices = await Promise.all(
    ['third-party-licences.txt', 'boot-engine-licences.txt'].map((name) =>
      readFile(join(DIST, name), 'utf8'),
    ),
  );
  await writeFile(join(tree, 'dist/third-party-licences.txt'), notices.join('\n'));
}

async function checkChangelog(): Promise<void> {
  const [first = ''] = (await readFile(join(ROOT, 'packaging/debian/changelog'), 'utf8')).split('\n');
  if (!first.startsWith(`reliable-raid (${PACKAGE.version})`)) {
    throw new ToolError(
      `packaging/debian/changelog begins with "${first}", package.json says ${PACKAGE.version}`,
      'add an entry for this version on top of the changelog',
    );
  }
}

async function needDebhelper(): Promise<void> {
  if (existsSync('/usr/bin/dh') && existsSync('/usr/bin/dpkg-buildpackage')) return;
  const install = ['apt-get', 'install', '-y', '--no-install-recommends', 'debhelper', 'dpkg-dev'] as const;
  const hint = `sudo ${install.join(' ')}`;
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new ToolError('debhelper and dpkg-dev are needed to build the package', hint);
  }
  const run = await execa(install[0], install.slice(1), {
    stdin: 'ignore',
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
  });
  if (run.failed) throw new ToolError('apt-get could not install debhelper', 'apt-get update, then again');
}

if (import.meta.main) {
  await runTool(async () => {
    await buildPackage(archOption());
  });
}
