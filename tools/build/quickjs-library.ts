/** What the boot engine takes of QuickJS: its objects for the target, and its bytecode compiler for this machine. */
import { join } from 'node:path';
import { hostArch } from './arch.ts';
import { builtOnce } from './build-once.ts';
import { Compiler } from './c-compiler.ts';
import { QUICKJS_PIN, quickjsSource } from './quickjs-source.ts';

/** QuickJS without its own `std` and `os`: those can load code, start a shell and read the environment. */
const LIBRARY = ['quickjs', 'dtoa', 'libregexp', 'libunicode', 'cutils'];

/** Somebody else's code: its warnings are not ours. */
const QUIET = ['-w'];

export async function quickjsObjects(compiler: Compiler): Promise<readonly string[]> {
  const folder = await builtOnce('quickjs/library', [QUICKJS_PIN, compiler.identity], async (unfinished) => {
    process.stdout.write('QuickJS: being built (about 25 s, once)\n');
    const source = await quickjsSource();
    await compiler.compile(
      LIBRARY.map((name) => join(source, `${name}.c`)),
      unfinished,
      QUIET,
    );
  });
  return LIBRARY.map((name) => join(folder, `${name}.o`));
}

export async function quickjsCompiler(): Promise<string> {
  const compiler = await Compiler.find(hostArch());
  const folder = await builtOnce('quickjs/qjsc', [QUICKJS_PIN, compiler.identity], async (unfinished) => {
    const source = await quickjsSource();
    const sources = ['qjsc', 'quickjs-libc'].map((name) => join(source, `${name}.c`));
    const names = ['-DCONFIG_CC="cc"', '-DCONFIG_PREFIX="/usr"'];
    const objects = await compiler.compile(sources, unfinished, [...QUIET, ...names]);
    await compiler.link(join(unfinished, 'qjsc'), [...objects, ...(await quickjsObjects(compiler))], []);
  });
  return join(folder, 'qjsc');
}
