/**
 * Builds an rpm from the same files as the Debian package.
 *   npm run package:rpm   ->   dist/reliable-raid-VERSION-1.ARCH.rpm
 */
import { existsSync } from 'node:fs';
import { chmod, cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { buildBinary, hostArch } from '../build/build.ts';
import { buildBootEngine } from '../build/build-boot-engine.ts';
import { writeCompletions } from '../build/completions.ts';
import { DIST, PACKAGE, ROOT, runTool, ToolError } from '../project.ts';
import { SOURCES } from './sources.ts';

async function buildRpm(): Promise<void> {
  const arch = hostArch();
  const programs = [
    [await buildBinary(arch), 'reliable-raid'],
    [await buildBootEngine(arch), 'boot-engine'],
  ] as const;
  const top = join(DIST, '.rpm');
  const name = `reliable-raid-${PACKAGE.version}`;
  const tree = join(top, name);
  await rm(top, { recursive: true, force: true });
  await writeCompletions(join(tree, 'dist'));
  for (const source of SOURCES) await cp(join(ROOT, source), join(tree, source), { recursive: true });
  for (const [from, to] of programs) {
    await cp(from, join(tree, 'dist', to));
    await chmod(join(tree, 'dist', to), 0o755);
  }
  const notices = ['third-party-licences.txt', 'boot-engine-licences.txt'].map((file) => join(DIST, file));
  const texts = await Promise.all(notices.map((path) => readFile(path, 'utf8')));
  await writeFile(join(tree, 'dist/third-party-licences.txt'), texts.join('\n'));
  await execa('tar', ['-czf', join(top, `${name}.tar.gz`), '-C', top, name]);
  const defines = [`_topdir ${top}`, `_sourcedir ${top}`, `program_version ${PACKAGE.version}`];
  const spec = join(ROOT, 'packaging/rpm/reliable-raid.spec');
  // Its dependencies are rpm's, which a machine of Debian does not have.
  const args = ['-bb', '--nodeps', ...defines.flatMap((define) => ['--define', define]), spec];
  const build = await execa('rpmbuild', args, { stdin: 'ignore', all: true, reject: false });
  const folder = join(top, 'RPMS');
  const found = existsSync(folder) ? await readdir(folder, { recursive: true }) : [];
  const [rpm] = found.filter((one) => one.endsWith('.rpm'));
  if (build.failed || rpm === undefined)
    throw new ToolError(
      `rpmbuild made no package:\n${build.all ?? build.message}`,
      'sudo apt-get install rpm',
    );
  const output = join(DIST, rpm.slice(rpm.lastIndexOf('/') + 1));
  await rename(join(folder, rpm), output);
  await rm(top, { recursive: true });
  process.stdout.write(`${output}\n`);
}

if (import.meta.main) await runTool(buildRpm);
