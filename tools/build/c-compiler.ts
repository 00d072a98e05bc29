/** The C compiler for the boot engine, how it is called, and why there is none. */
import { basename, isAbsolute, join } from 'node:path';
import { execa } from 'execa';
import { ROOT, ToolError } from '../project.ts';
import type { Arch } from './base-node.ts';
import { sha256OfFile } from './content-key.ts';

interface Target {
  readonly machine: string;
  readonly programs: readonly string[];
  readonly packages: string;
  readonly flags: readonly string[];
}

const TARGETS: Readonly<Record<Arch, Target>> = {
  x64: {
    machine: 'x86_64-linux-gnu',
    programs: ['gcc', 'x86_64-linux-gnu-gcc'],
    packages: 'gcc libc6-dev (on another processor: gcc-x86-64-linux-gnu libc6-dev-amd64-cross)',
    flags: ['-fcf-protection=full'],
  },
  arm64: {
    machine: 'aarch64-linux-gnu',
    programs: ['gcc', 'aarch64-linux-gnu-gcc'],
    packages: 'gcc-aarch64-linux-gnu libc6-dev-arm64-cross (on that processor: gcc libc6-dev)',
    flags: ['-mbranch-protection=standard'],
  },
};

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
  // Nothing unwinds its stack: no C++, no debugger in the image. 70 kB less.
  ...['-fno-asynchronous-unwind-tables', '-fno-unwind-tables'],
];

/** One program that needs nothing, at an address that changes with each start, and nothing to write to that can be run. */
export const STATIC_LINK = [
  ...['-static-pie', '-Wl,--gc-sections', '-Wl,-z,relro', '-Wl,-z,now', '-Wl,-z,noexecstack'],
  ...['-Wl,--build-id=none', '-s'],
];

export class Compiler {
  /** Changes whenever what it makes may change: its version, its flags, and the C library that is linked in. */
  readonly identity: string;
  /** The static C library that it links with. */
  readonly library: string;
  private readonly program: string;
  private readonly flags: readonly string[];

  private constructor(program: string, flags: readonly string[], library: string, identity: string) {
    this.program = program;
    this.library = library;
    this.flags = flags;
    this.identity = [identity, ...flags, ...STATIC_LINK].join(' ');
  }

  static async find(arch: Arch): Promise<Compiler> {
    const { machine, programs, packages, flags } = TARGETS[arch];
    for (const program of programs) {
      const target = await output(program, ['-dumpmachine']);
      if (target === null || !sameMachine(target, machine)) continue;
      const library = await output(program, ['-print-file-name=libc.a']);
      if (library === null || !isAbsolute(library)) {
        throw new ToolError(
          `${program} has no static C library for ${machine}`,
          `apt-get install ${packages}`,
        );
      }
      const version = await output(program, ['-dumpfullversion']);
      return new Compiler(
        program,
        [...COMPILE, ...flags],
        library,
        `${target} ${version} ${await sha256OfFile(library)}`,
      );
    }
    throw new ToolError(
      `no C compiler for ${machine} (looked for ${programs.join(', ')}): the boot engine cannot be built`,
      `apt-get install ${packages}`,
    );
  }

  /** One object in `folder` for each source; the same bytes wherever the work tree is. */
  async compile(sources: readonly string[], folder: string, flags: readonly string[]): Promise<string[]> {
    const objects: string[] = [];
    for (const source of sources) {
      const object = join(folder, `${basename(source, '.c')}.o`);
      const place = `-ffile-prefix-map=${ROOT}=.`;
      await runProgram([this.program, ...this.flags, ...flags, place, '-c', '-o', object, source], folder);
      objects.push(object);
    }
    return objects;
  }

  async link(output: string, objects: readonly string[], flags: readonly string[]): Promise<void> {
    await runProgram([this.program, ...flags, '-o', output, ...objects, '-lm', '-lpthread', '-ldl'], ROOT);
  }
}

/** Runs a program of the build; its warnings are shown, its failure ends the build. */
export async function runProgram(command: readonly string[], cwd: string): Promise<void> {
  const [program = '', ...args] = command;
  const result = await execa(program, args, { cwd, stdin: 'ignore', all: true, reject: false });
  if (result.failed) throw new ToolError(`${command.join(' ')}:\n${result.all ?? result.message}`);
  if (result.all !== '') process.stderr.write(`${result.all}\n`);
}

/** Some distributions put a vendor's name in the middle: x86_64-redhat-linux. */
const sameMachine = (target: string, machine: string): boolean =>
  target.split('-')[0] === machine.split('-')[0] && target.includes('linux');

async function output(program: string, args: readonly string[]): Promise<string | null> {
  const run = await execa(program, args, { stdin: 'ignore', reject: false });
  return run.failed ? null : run.stdout.trim();
}
