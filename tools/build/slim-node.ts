/** Takes out of a stock Node what the program never uses, before pkg puts the program in: afterwards no tool may rewrite it. */
import { readFile, writeFile } from 'node:fs/promises';
import { execa } from 'execa';
import { ToolError } from '../project.ts';
import type { Arch } from './base-node.ts';
import { findSymbol, type Place } from './elf.ts';
import { smallIcuData } from './icu-data.ts';
import { shortenData } from './shorten-data.ts';

/** The files that decide what becomes of it. */
export const RECIPE = ['slim-node', 'icu-data', 'shorten-data', 'elf'].map(
  (name) => `tools/build/${name}.ts`,
);

/** Its symbols, and ICU's data of other languages than English. */
export async function slimNode(path: string, arch: Arch): Promise<void> {
  const icu = icuDataOf(await readFile(path));
  await strip(path, arch);
  const program = await readFile(path);
  await writeFile(path, shortenData(program, icu, smallIcuData));
}

function icuDataOf(program: Buffer): Place {
  const found = findSymbol(program, /^icudt\d+_dat$/);
  if (found === null)
    throw new ToolError('this Node has no ICU data inside', 'tools/build/slim-node.ts takes it out');
  return found;
}

const STRIP: Readonly<Record<Arch, readonly string[]>> = {
  x64: ['x86_64-linux-gnu-strip', 'llvm-strip', 'strip'],
  arm64: ['aarch64-linux-gnu-strip', 'llvm-strip', 'strip'],
};

async function strip(path: string, arch: Arch): Promise<void> {
  for (const program of STRIP[arch]) {
    const run = await execa(program, [path], { stdin: 'ignore', reject: false });
    if (!run.failed) return;
  }
  process.stderr.write(
    `note: no strip program for ${arch} here (package binutils, or binutils-aarch64-linux-gnu): the binary stays larger\n`,
  );
}
