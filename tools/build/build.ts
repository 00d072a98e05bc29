/**
 * Builds the single binary: esbuild makes one CommonJS file of the program, pkg puts it into a stock Node. Then the
 * boot engine (build-boot-engine.ts).
 *   npm run build [-- --arch x64|arm64]   ->   dist/reliable-raid, -boot (other processor: dist/reliable-raid-ARCH)
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build as bundleWith } from 'esbuild';
import { execa } from 'execa';
import { DIST, PACKAGE, ROOT, runTool, ToolError } from '../project.ts';
import { archOption, hostArch } from './arch.ts';
import { type Arch, findBaseNode } from './base-node.ts';
import { buildBootEngine } from './build-boot-engine.ts';
import { isUpToDate, keyOf, recordKey } from './content-key.ts';
import { licencesOf } from './licences.ts';
import { pkgHome } from './pkg-home.ts';
import { reportBuilt } from './report-built.ts';

export { hostArch } from './arch.ts';

const PKG = 'node_modules/@yao-pkg/pkg/lib-es5/bin.js';
/** A machine that does much else takes a minute for one. */
const MAX_TURN_MS = 300_000;

export function binaryPath(arch: Arch): string {
  return join(DIST, arch === hostArch() ? 'reliable-raid' : `reliable-raid-${arch}`);
}

/** Makes the binary unless what it is made of is unchanged. */
export async function buildBinary(arch: Arch): Promise<string> {
  if (!existsSync(join(ROOT, PKG))) throw new ToolError('the build tools are not installed', 'npm ci');
  const base = await findBaseNode(arch);
  const bundle = await bundleProgram(base?.path ?? null);
  const node = base?.version ?? process.versions.node;
  const output = binaryPath(arch);
  const home = await pkgHome(arch, base);
  const made = [arch, node, basename(home), PACKAGE.devDependencies['@yao-pkg/pkg'] ?? ''];
  const key = await keyOf(made, ROOT, [relative(ROOT, bundle)]);
  if (await isUpToDate(output, key)) {
    await reportBuilt(output, 'unchanged');
    return output;
  }
  await injectIntoNode(bundle, `node${node}-linux-${arch}`, home, `${output}.new`);
  await rename(`${output}.new`, output);
  await recordKey(output, key);
  await reportBuilt(output, 'built');
  return output;
}

async function bundleProgram(baseNode: string | null): Promise<string> {
  const bundle = join(DIST, 'reliable-raid.cjs');
  const outfile = `${bundle}.${process.pid}`;
  const { metafile } = await bundleWith({
    absWorkingDir: ROOT,
    entryPoints: ['src/cli/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    minifyWhitespace: true,
    legalComments: 'none',
    define: { RELIABLE_RAID_VERSION: JSON.stringify(PACKAGE.version) },
    metafile: true,
    logLevel: 'warning',
  });
  const notices = `${outfile}.licences`;
  await writeFile(notices, await licencesOf(Object.keys(metafile.inputs), baseNode));
  await rename(notices, join(DIST, 'third-party-licences.txt'));
  await rename(outfile, bundle);
  return bundle;
}

/** pkg runs under this same Node: its blob format is tied to the exact version. */
async function injectIntoNode(bundle: string, target: string, home: string, output: string): Promise<void> {
  const place = await neutralPlace(bundle);
  const run = await execa(
    process.execPath,
    [PKG, '--sea', '-t', target, '-o', output, join(place, basename(bundle))],
    { cwd: ROOT, env: { HOME: home, NODE_OPTIONS: undefined }, stdin: 'ignore', all: true, reject: false },
  );
  await rm(place, { recursive: true });
  if (run.failed || !existsSync(output)) {
    throw new ToolError(
      `pkg made no binary for ${target}:\n${run.all}`,
      `rm -rf ${relative(ROOT, home)}, then npm run build`,
    );
  }
}

/**
 * Node writes the path of the program into the binary: this one depends on its content only, so that every build folder gives the
 * same binary. Two builds of one program take turns.
 */
async function neutralPlace(bundle: string): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(bundle))
    .digest('hex')
    .slice(0, 16);
  const place = `/tmp/reliable-raid-build-${digest}`;
  const endsAtMs = Date.now() + MAX_TURN_MS;
  while (!(await madeFolder(place, endsAtMs))) await sleep(200);
  await copyFile(bundle, join(place, basename(bundle)));
  return place;
}

/** False while another build has it. */
async function madeFolder(place: string, endsAtMs: number): Promise<boolean> {
  try {
    await mkdir(place, { mode: 0o700 });
    return true;
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST';
    if (isTaken && Date.now() < endsAtMs) return false;
    throw new ToolError(`${place} cannot be made: ${error}`, `another build runs, or: rm -r ${place}`);
  }
}

if (import.meta.main) {
  await runTool(async () => {
    const arch = archOption();
    await buildBinary(arch);
    await buildBootEngine(arch);
  });
}
