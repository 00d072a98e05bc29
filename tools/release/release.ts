/**
 * Makes all that is given out, in dist/release: packages for Debian and with rpm, their sums and bill of materials, and a signed
 * repository for apt.
 *   npm run release -- --key KEYID         for amd64 and arm64, signed with a secret key of gpg
 *   npm run release -- --no-repository     without a key, and without a repository
 *   npm run release -- ... --arch amd64    for one processor
 */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import type { Arch } from '../build/base-node.ts';
import { Compiler } from '../build/c-compiler.ts';
import { buildPackage, DEBIAN_ARCH } from '../package/debian.ts';
import { buildRpm } from '../package/rpm.ts';
import { sourceDate } from '../package/source-date.ts';
import { DIST, ROOT, runTool, ToolError } from '../project.ts';
import { type DebianPackage, needFtparchive } from './apt-repository.ts';
import { billOfMaterials } from './bill-of-materials.ts';
import { releaseFolder } from './release-folder.ts';
import { releaseParts, unlisted } from './release-parts.ts';
import { SigningKey } from './signing-key.ts';

const ARCHS: readonly Arch[] = ['x64', 'arm64'];
const FOLDER = join(DIST, 'release');
const PLACE = relative(ROOT, FOLDER);

async function release(args: readonly string[]): Promise<void> {
  const { archs, keyName } = wanted(args);
  // What would end a build of minutes is said before it.
  const key = keyName === null ? null : await SigningKey.find(keyName);
  if (key !== null) await needFtparchive();
  await needRpmbuild();
  for (const arch of archs) await needCompiler(arch);
  const date = await sourceDate();
  // Others read what is given out, also where its maker keeps all else to himself.
  process.umask(0o022);

  const debs: DebianPackage[] = [];
  const rpms: string[] = [];
  for (const arch of archs) {
    debs.push({ path: await buildPackage(arch, 'small'), architecture: DEBIAN_ARCH[arch] });
    rpms.push(await buildRpm(arch));
  }
  const materials = await releaseParts(archs);
  const lost = unlisted(await readFile(join(DIST, 'third-party-licences.txt'), 'utf8'), materials.parts);
  if (lost.length > 0)
    throw new ToolError(
      `the program holds ${lost.join(', ')}, which the bill of materials lacks`,
      'what src/ imports belongs under dependencies in package.json: npm install --save-exact NAME',
    );
  const contents = { debs, rpms, billOfMaterials: await billOfMaterials({ date, ...materials }), key, date };
  await releaseFolder(FOLDER, contents);
  for (const arch of ARCHS)
    if (!archs.includes(arch)) say(`${DEBIAN_ARCH[arch]} is left out, as asked by --arch`);
  say(
    key === null
      ? `${PLACE}: made, without a repository for apt and with nothing signed`
      : `${PLACE}: made, and signed with ${key.fingerprint}; ${PLACE}/apt is the repository for apt`,
  );
}

interface Wanted {
  readonly archs: readonly Arch[];
  readonly keyName: string | null;
}

export function wanted(args: readonly string[]): Wanted {
  const { values } = parsed(args);
  const archs = (values.arch ?? Object.values(DEBIAN_ARCH)).map((name) => {
    const arch = ARCHS.find((one) => DEBIAN_ARCH[one] === name);
    if (arch === undefined)
      throw new ToolError(`no such processor: ${name}`, '--arch amd64, --arch arm64, or neither for both');
    return arch;
  });
  if (values.key !== undefined && values['no-repository'])
    throw new ToolError(
      `--key ${values.key} and --no-repository were both given: the key signs the repository`,
      'leave one of them out',
    );
  if (values['no-repository']) return { archs: [...new Set(archs)], keyName: null };
  if (values.key === undefined || values.key === '')
    throw new ToolError(
      'no key is named to sign the repository with, and apt takes nothing from one that is not signed',
      'npm run release -- --key KEYID (gpg --list-secret-keys shows yours), or npm run release -- --no-repository',
    );
  return { archs: [...new Set(archs)], keyName: values.key };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        arch: { type: 'string', multiple: true },
        key: { type: 'string' },
        'no-repository': { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ToolError(
      error instanceof Error ? error.message : String(error),
      'npm run release -- --key KEYID|--no-repository [--arch amd64|arm64]',
    );
  }
}

async function needRpmbuild(): Promise<void> {
  const run = await execa('rpmbuild', ['--version'], { stdin: 'ignore', reject: false });
  if (run.failed)
    throw new ToolError('rpmbuild is not installed: it makes the rpm', 'sudo apt-get install rpm');
}

async function needCompiler(arch: Arch): Promise<void> {
  try {
    await Compiler.find(arch);
  } catch (error) {
    const other = ARCHS.find((one) => one !== arch) ?? arch;
    if (!(error instanceof ToolError)) throw error;
    throw new ToolError(
      error.message,
      `sudo ${error.hint}; or leave ${DEBIAN_ARCH[arch]} out: --arch ${DEBIAN_ARCH[other]}`,
    );
  }
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

if (import.meta.main) await runTool(() => release(process.argv.slice(2)));
