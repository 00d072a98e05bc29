/**
 * Builds an rpm from the same files as the Debian package.
 *   npm run package:rpm [-- --arch x64|arm64]   ->   dist/reliable-raid-VERSION-1.ARCH.rpm
 */
import { existsSync } from 'node:fs';
import { chmod, cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { execa } from 'execa';
import { archOption } from '../build/arch.ts';
import type { Arch } from '../build/base-node.ts';
import { buildBinary } from '../build/build.ts';
import { buildBootEngine } from '../build/build-boot-engine.ts';
import { completions, writeCompletions } from '../build/completions.ts';
import { isUpToDate, keyOf, recordKey } from '../build/content-key.ts';
import { reportBuilt } from '../build/report-built.ts';
import { DIST, PACKAGE, ROOT, runTool, ToolError } from '../project.ts';
import { sourceDate } from './source-date.ts';
import { SOURCES } from './sources.ts';

const RPM_ARCH: Readonly<Record<Arch, string>> = { x64: 'x86_64', arm64: 'aarch64' };

/** Neither the machine nor the moment of the build is in it. */
const SAME_BYTES = [
  '_buildhost reproducible',
  'use_source_date_epoch_as_buildtime 1',
  'clamp_mtime_to_source_date_epoch 1',
];

export async function buildRpm(arch: Arch): Promise<string> {
  const binary = await buildBinary(arch);
  const engine = await buildBootEngine(arch);
  const date = String(await sourceDate());
  const output = join(DIST, `reliable-raid-${PACKAGE.version}-1${await distTag()}.${RPM_ARCH[arch]}.rpm`);
  const key = await keyOf([arch, date, JSON.stringify(completions())], ROOT, [
    ...SOURCES,
    'packaging/rpm',
    relative(ROOT, binary),
    relative(ROOT, engine),
  ]);
  if (await isUpToDate(output, key)) {
    await reportBuilt(output, 'unchanged');
    return output;
  }
  const top = join(DIST, '.rpm');
  const name = `reliable-raid-${PACKAGE.version}`;
  const tree = join(top, name);
  await rm(top, { recursive: true, force: true });
  await writeCompletions(join(tree, 'dist'));
  for (const source of SOURCES) await cp(join(ROOT, source), join(tree, source), { recursive: true });
  for (const [from, to] of [
    [binary, 'reliable-raid'],
    [engine, 'boot-engine'],
  ] as const) {
    await cp(from, join(tree, 'dist', to));
    await chmod(join(tree, 'dist', to), 0o755);
  }
  const notices = ['third-party-licences.txt', 'boot-engine-licences.txt'].map((file) => join(DIST, file));
  const texts = await Promise.all(notices.map((path) => readFile(path, 'utf8')));
  await writeFile(join(tree, 'dist/third-party-licences.txt'), texts.join('\n'));
  await execa('tar', ['-czf', join(top, `${name}.tar.gz`), '-C', top, name]);
  const defines = [
    `_topdir ${top}`,
    `_sourcedir ${top}`,
    `program_version ${PACKAGE.version}`,
    ...SAME_BYTES,
  ].flatMap((define) => ['--define', define]);
  const spec = join(ROOT, 'packaging/rpm/reliable-raid.spec');
  // Its dependencies are rpm's, which a machine of Debian does not have.
  const args = ['-bb', '--nodeps', '--target', `${RPM_ARCH[arch]}-linux`, ...defines, spec];
  const env = { SOURCE_DATE_EPOCH: date };
  const build = await execa('rpmbuild', args, { env, stdin: 'ignore', all: true, reject: false });
  const rpm = join(top, 'RPMS', RPM_ARCH[arch], basename(output));
  if (build.failed || !existsSync(rpm))
    throw new ToolError(
      `rpmbuild made no package:\n${build.all ?? build.message}`,
      'sudo apt-get install rpm',
    );
  await rename(rpm, output);
  await rm(top, { recursive: true });
  await recordKey(output, key);
  await reportBuilt(output, 'built');
  return output;
}

/** What the distribution of this machine puts behind the number of a release; nothing where rpm is a guest. */
async function distTag(): Promise<string> {
  const run = await execa('rpm', ['--eval', '%{?dist}'], { stdin: 'ignore', reject: false });
  return run.failed ? '' : run.stdout.trim();
}

if (import.meta.main) {
  await runTool(async () => {
    const arch = archOption();
    await buildRpm(arch);
  });
}
