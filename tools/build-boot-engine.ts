/**
 * Builds the boot engine of the image: esbuild makes one ES module, qjsc its bytecode, a C compiler one static program.
 *   node tools/build-boot-engine.ts [--arch x64|arm64]   ->   dist/reliable-raid-boot (other processor: -ARCH)
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { build as bundleWith } from 'esbuild';
import { execa } from 'execa';
import { hostArch } from './arch.ts';
import type { Arch } from './base-node.ts';
import { type Compiler, findCompiler } from './c-compiler.ts';
import { isUpToDate, keyOf, recordKey } from './content-key.ts';
import { DIST, PACKAGE, ROOT, runTool, ToolError } from './project.ts';
import { QUICKJS_PIN, quickjsSource } from './quickjs-source.ts';
import { reportBuilt } from './report-built.ts';

const NATIVE = 'src/adapters/quickjs/native';
const LIBRARY = ['quickjs', 'dtoa', 'libregexp', 'libunicode', 'cutils'];
const ENTRY = 'src/cli/image-main.ts';

/** Of what a JavaScript engine usually has, this one lacks these; a program that names one must not be built. */
const ABSENT = [
  ...['AbortController', 'Buffer', 'Date', 'Intl', 'Proxy', 'Reflect', 'TextDecoder', 'TextEncoder', 'URL'],
  ...['WeakRef', 'clearTimeout', 'console', 'eval', 'fetch', 'performance', 'process', 'queueMicrotask'],
  ...['setImmediate', 'setInterval', 'setTimeout', 'structuredClone'],
];
const ABSENT_MARK = 'absent_in_the_boot_engine_';

const COMPILE = [
  ...[
    '-O2',
    '-fwrapv',
    '-ffunction-sections',
    '-fdata-sections',
    '-D_GNU_SOURCE',
    '-DCONFIG_VERSION="debian"',
  ],
  ...['-fPIE', '-fstack-protector-strong', '-fstack-clash-protection', '-D_FORTIFY_SOURCE=2'],
];
const COMPILE_FOR: Readonly<Record<Arch, readonly string[]>> = {
  x64: ['-fcf-protection=full'],
  arm64: ['-mbranch-protection=standard'],
};
const LINK = [
  ...['-static-pie', '-Wl,--gc-sections', '-Wl,-z,relro', '-Wl,-z,now', '-Wl,-z,noexecstack'],
  ...['-Wl,--build-id=none', '-s'],
];

export function bootEnginePath(arch: Arch): string {
  return join(DIST, arch === hostArch() ? 'reliable-raid-boot' : `reliable-raid-boot-${arch}`);
}

/** Makes it unless what it is made of is unchanged. Tests build one with an entry of their own. */
export async function buildBootEngine(
  arch: Arch,
  entry: string = ENTRY,
  output: string = bootEnginePath(arch),
): Promise<string> {
  const compiler = await findCompiler(arch);
  await mkdir(dirname(output), { recursive: true });
  const bundle = `${output}.js`;
  await bundleModule(entry, bundle);
  const flags = [...COMPILE, ...COMPILE_FOR[arch], ...LINK];
  const key = await keyOf([arch, compiler.identity, QUICKJS_PIN, ...flags], ROOT, [
    relative(ROOT, bundle),
    NATIVE,
  ]);
  if (await isUpToDate(output, key)) {
    await reportBuilt(output, 'unchanged');
    return output;
  }
  const source = await quickjsSource();
  const qjsc = await buildQjsc(source);
  const library = await compileLibrary(source, compiler, arch);
  const work = `${output}.work`;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  // A name without a folder: it is in the program, for traces.
  await run(
    [
      qjsc,
      '-c',
      '-m',
      '-M',
      'host,host',
      '-N',
      'engine_bytecode',
      '-o',
      join(work, 'bytecode.c'),
      basename(bundle),
    ],
    dirname(bundle),
  );
  const native = (await readdir(join(ROOT, NATIVE))).filter((name) => name.endsWith('.c')).sort();
  const sources = [...native.map((name) => join(ROOT, NATIVE, name)), join(work, 'bytecode.c')];
  const objects = await compileAll(sources, work, compiler, [...COMPILE_FOR[arch], '-Wall', `-I${source}`]);
  await run(
    [compiler.program, ...LINK, '-o', `${output}.new`, ...objects, ...library, '-lm', '-lpthread'],
    work,
  );
  await rename(`${output}.new`, output);
  await rm(work, { recursive: true });
  await recordKey(output, key);
  await reportBuilt(output, 'built');
  return output;
}

async function bundleModule(entry: string, outfile: string): Promise<void> {
  await bundleWith({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    outfile,
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
  const text = await readFile(outfile, 'utf8');
  const absent = new RegExp(`${ABSENT_MARK}(\\w+)`).exec(text);
  if (absent !== null)
    throw new ToolError(
      `${entry}: it uses ${absent[1]}, which the boot engine does not have`,
      `look for "${absent[1]}" under src/core and src/app: it belongs behind a port`,
    );
}

/** The bytecode compiler, for this machine. */
async function buildQjsc(source: string): Promise<string> {
  const compiler = await findCompiler(hostArch());
  const folder = await cacheFolder(['qjsc', compiler.identity]);
  const qjsc = join(folder, 'qjsc');
  if (existsSync(qjsc)) return qjsc;
  process.stdout.write('qjsc: being built (about 20 s, once)\n');
  const library = await compileLibrary(source, compiler, hostArch());
  const sources = ['qjsc', 'quickjs-libc'].map((name) => join(source, `${name}.c`));
  const names = ['-DCONFIG_CC="cc"', '-DCONFIG_PREFIX="/usr"', '-w'];
  const objects = await compileAll(sources, folder, compiler, names);
  await run(
    [compiler.program, '-o', `${qjsc}.new`, ...objects, ...library, '-lm', '-ldl', '-lpthread'],
    folder,
  );
  await rename(`${qjsc}.new`, qjsc);
  return qjsc;
}

/** The objects of QuickJS itself, without its own `std` and `os`; kept, since they take long. */
async function compileLibrary(source: string, compiler: Compiler, arch: Arch): Promise<readonly string[]> {
  const flags = [...COMPILE_FOR[arch], '-w'];
  const folder = await cacheFolder(['library', compiler.identity, ...COMPILE, ...flags]);
  const objects = LIBRARY.map((name) => join(folder, `${name}.o`));
  const whole = join(folder, 'whole');
  if (existsSync(whole)) return objects;
  await compileAll(
    LIBRARY.map((name) => join(source, `${name}.c`)),
    folder,
    compiler,
    flags,
  );
  await writeFile(whole, '');
  return objects;
}

async function cacheFolder(inputs: readonly string[]): Promise<string> {
  const key = await keyOf([QUICKJS_PIN, ...inputs], ROOT, []);
  const folder = join(DIST, '.cache', 'quickjs', `${inputs[0]}-${key.slice(0, 16)}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

async function compileAll(
  sources: readonly string[],
  folder: string,
  compiler: Compiler,
  flags: readonly string[],
): Promise<string[]> {
  const objects: string[] = [];
  for (const source of sources) {
    const object = join(folder, `${basename(source, '.c')}.o`);
    await run([compiler.program, ...COMPILE, ...flags, '-c', '-o', object, source], folder);
    objects.push(object);
  }
  return objects;
}

async function run(command: readonly string[], cwd: string): Promise<void> {
  const [program = '', ...args] = command;
  const result = await execa(program, args, { cwd, stdin: 'ignore', all: true, reject: false });
  if (result.failed) throw new ToolError(`${command.join(' ')}:\n${result.all ?? result.message}`);
  if (result.all !== '') process.stderr.write(`${result.all}\n`);
}

if (import.meta.main) {
  await runTool(async () => {
    const { values } = parseArgs({ options: { arch: { type: 'string' } } });
    const arch = values.arch ?? hostArch();
    if (arch !== 'x64' && arch !== 'arm64')
      throw new ToolError(`no such processor: ${arch}`, '--arch x64 or --arch arm64');
    await buildBootEngine(arch);
  });
}
