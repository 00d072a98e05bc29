/** The C compiler for the boot engine, and why there is none. */
import { isAbsolute } from 'node:path';
import { execa } from 'execa';
import type { Arch } from './base-node.ts';
import { sha256OfFile } from './content-key.ts';
import { ToolError } from './project.ts';

export interface Compiler {
  readonly program: string;
  /** Changes whenever what it makes may change: its version, and the C library that is linked in. */
  readonly identity: string;
}

const TARGETS: Readonly<Record<Arch, { machine: string; programs: readonly string[]; packages: string }>> = {
  x64: {
    machine: 'x86_64-linux-gnu',
    programs: ['gcc', 'x86_64-linux-gnu-gcc'],
    packages: 'gcc libc6-dev, or gcc-x86-64-linux-gnu on another processor',
  },
  arm64: {
    machine: 'aarch64-linux-gnu',
    programs: ['gcc', 'aarch64-linux-gnu-gcc'],
    packages: 'gcc-aarch64-linux-gnu, or gcc libc6-dev on that processor',
  },
};

export async function findCompiler(arch: Arch): Promise<Compiler> {
  const { machine, programs, packages } = TARGETS[arch];
  for (const program of programs) {
    const target = await output(program, ['-dumpmachine']);
    if (target === null || !sameMachine(target, machine)) continue;
    const library = await output(program, ['-print-file-name=libc.a']);
    if (library === null || !isAbsolute(library))
      throw new ToolError(
        `${program} has no static C library for ${machine}`,
        `apt-get install the packages ${packages}`,
      );
    const version = await output(program, ['-dumpfullversion']);
    return { program, identity: `${target} ${version} ${await sha256OfFile(library)}` };
  }
  throw new ToolError(
    `no C compiler for ${machine} (looked for ${programs.join(', ')}): the boot engine of the image cannot be built`,
    `apt-get install the packages ${packages}`,
  );
}

/** Some distributions put a vendor's name in the middle: x86_64-redhat-linux. */
const sameMachine = (target: string, machine: string): boolean =>
  target.split('-')[0] === machine.split('-')[0] && target.includes('linux');

async function output(program: string, args: readonly string[]): Promise<string | null> {
  const run = await execa(program, args, { stdin: 'ignore', reject: false });
  return run.failed ? null : run.stdout.trim();
}
