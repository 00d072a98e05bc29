/**
 * Builds the boot engine: esbuild makes two ES modules (`gate`, and all else), qjsc their bytecode, a C
 * compiler one static program.
 *   node tools/build/build-boot-engine.ts [--arch x64|arm64]   ->   dist/reliable-raid-boot (other processor: -ARCH)
 */
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { build as bundleWith } from 'esbuild';
import { DIST, PACKAGE, ROOT, runTool, ToolError } from '../project.ts';
import { archOption, hostArch } from './arch.ts';
import type { Arch } from './base-node.ts';
import { Compiler, runProgram, STATIC_LINK } from './c-compiler.ts';
import { isUpToDate, keyOf, recordKey } from './content-key.ts';
import { quickjsCompiler, quickjsObjects } from './quickjs-library.ts';
import { QUICKJS_PIN, quickjsNotice, quickjsSource } from './quickjs-source.ts';
import { reportBuilt } from './report-built.ts';

const NATIVE = 'src/adapters/quickjs/native';
const ENTRY = 'src/cli/image/main.ts';
const GATE_ENTRY = 'src/cli/image/gate-main.ts';

/** Of what a JavaScript engine usually has, this one lacks these; a program that names one must not be built. */
const ABSENT = [
  ...['AbortController', 'Buffer', 'Date', 'Intl', 'Proxy', 'Reflect', 'TextDecoder', 'TextEncoder', 'URL'],
  ...['WeakRef', 'clearTimeout', 'console', 'eval', 'fetch', 'performance', 'process', 'queueMicrotask'],
  ...['setImmediate', 'setInterval', 'setTimeout', 'structuredClone'],
];
/** What an image may grow by: a /boot of 512 MB holds three kernels. */
export const SIZE_BUDGET_BYTES = 2_000_000;
const ABSENT_MARK = 'absent_in_the_boot_engine_';

export function bootEnginePath(arch: Arch): string {
  return join(DIST, arch === hostArch() ? 'reliable-raid-boot' : `reliable-raid-boot-${arch}`);
}

/** Makes it unless what it is made of is unchanged. Tests build one with an entry of their own. */
export async function buildBootEngine(
  arch: Arch,
  entry: string = ENTRY,
  output: string = bootEnginePath(arch),
): Promise<string> {
  const compiler = await Compiler.find(arch);
  const bundles = { engine: await bundleModule(entry), gate: await bundleModule(GATE_ENTRY) };
  const parts = [arch, compiler.identity, QUICKJS_PIN, ...Object.values(bundles)];
  const key = await keyOf(parts, ROOT, [NATIVE]);
  if (await isUpToDate(output, key)) {
    await reportBuilt(output, 'unchanged');
    return output;
  }
  // Two builds at once must not meet in one folder.
  const work = `${output}.${process.pid}`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    await compileProgram(bundles, compiler, work);
    await keepBudget(join(work, 'program'));
    await rename(join(work, 'program'), output);
    await recordKey(output, key);
    if (entry === ENTRY) await writeNotices();
  } finally {
    await rm(work, { recursive: true });
  }
  await reportBuilt(output, 'built');
  return output;
}

async function compileProgram(
  bundles: Readonly<Record<string, string>>,
  compiler: Compiler,
  work: string,
): Promise<void> {
  const bytecode: string[] = [];
  for (const [name, bundle] of Object.entries(bundles)) {
    await writeFile(join(work, `boot-${name}.js`), bundle);
    // Without -s it carries places in a bundle that nobody has: 75 kB, and a tenth of the time to load it. A trace keeps its functions' names.
    const names = ['-s', '-M', 'host,host', '-N', `${name}_bytecode`, '-o', `${name}-bytecode.c`];
    await runProgram([await quickjsCompiler(), '-c', '-m', ...names, `boot-${name}.js`], work);
    bytecode.push(join(work, `${name}-bytecode.c`));
  }
  const native = (await readdir(join(ROOT, NATIVE))).filter((name) => name.endsWith('.c')).sort();
  const sources = [...native.map((name) => join(ROOT, NATIVE, name)), ...bytecode];
  const objects = await compiler.compile(sources, work, ['-Wall', '-Werror', `-I${await quickjsSource()}`]);
  const library = await quickjsObjects(compiler);
  await compiler.link(join(work, 'program'), [...objects, ...library], STATIC_LINK);
}

async function keepBudget(program: string): Promise<void> {
  const { size } = await stat(program);
  if (size > SIZE_BUDGET_BYTES)
    throw new ToolError(
      `the boot engine has ${size} bytes, and the budget is ${SIZE_BUDGET_BYTES}`,
      'every boot image carries it: make it smaller, or say in an ADR why it must grow',
    );
}

/** The notices that must travel with the program. */
async function writeNotices(): Promise<void> {
  await mkdir(dirname(NOTICES), { recursive: true });
  await writeFile(NOTICES, await quickjsNotice());
}

const NOTICES = join(DIST, 'boot-engine-licences.txt');

async function bundleModule(entry: string): Promise<string> {
  const { outputFiles } = await bundleWith({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    write: false,
    bundle: true,
    platform: 'neutral',
    format: 'esm',
    target: 'es2023',
    external: ['host'],
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    define: {
      RELIABLE_RAID_VERSION: JSON.stringify(PACKAGE.version),
      ...Object.fromEntries(ABSENT.map((name) => [name, `${ABSENT_MARK}${name}`])),
    },
    logLevel: 'warning',
  });
  const text = outputFiles[0]?.text ?? '';
  const absent = new RegExp(`${ABSENT_MARK}(\\w+)`).exec(text)?.[1];
  if (absent === undefined) return text;
  throw new ToolError(
    `${entry}: it uses ${absent}, which the boot engine does not have`,
    `look for "${absent}" under src/core and src/app: it belongs behind a port`,
  );
}

if (import.meta.main) {
  await runTool(async () => {
    const arch = archOption();
    await buildBootEngine(arch);
  });
}
