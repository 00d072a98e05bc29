// What is asked of adapters to see that two sets of them are alike: files and commands.
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import type { FilesCase, RunCase } from './adapter-program.ts';

export const fileBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => new TextEncoder().encode(text)),
  fc.integer({ min: 60_000, max: 140_000 }).map((length) => new Uint8Array(length).fill(0x41)),
);
const path = fc.constantFrom('@/a', '@/b', '@/folder/c', '@/folder', '@/to-a', '@/loop', '@/none/x', '@/a/x');
export const filesCase: fc.Arbitrary<FilesCase> = fc.oneof(
  fc.tuple(
    fc.constantFrom('readText' as const, 'readTextOrReason' as const, 'readFile' as const),
    fc.oneof(path, fc.constant('@/fifo')),
    fc.integer({ min: 1, max: 200_000 }),
  ),
  fc.tuple(
    fc.constantFrom(
      'readText' as const,
      'list' as const,
      'readLink' as const,
      'realPath' as const,
      'exists' as const,
      'makeFolder' as const,
      'remove' as const,
    ),
    path,
  ),
  fc.tuple(fc.constant('createLink' as const), path, fc.constantFrom('@/a', '7 700')),
  fc.tuple(
    fc.constant('readBytes' as const),
    fc.oneof(path, fc.constant('@/fifo')),
    fc.constantFrom(0, 1, 512, 4096, 70_000),
    fc.constantFrom(1, 512, 4096, 10_000),
  ),
  fc.tuple(
    fc.constantFrom('writeDurably' as const, 'writeValue' as const),
    fc.oneof(path, fc.constant('@/fifo')),
    fc.string({ unit: 'grapheme', maxLength: 50 }).filter((text) => !text.includes('@')),
  ),
);

/** The folder that the cases of files are about. */
export function fillFolder(folder: string, a: Uint8Array, c: Uint8Array): void {
  mkdirSync(join(folder, 'folder'));
  writeFileSync(join(folder, 'a'), a);
  writeFileSync(join(folder, 'folder/c'), c);
  symlinkSync('a', join(folder, 'to-a'));
  symlinkSync('loop', join(folder, 'loop'));
  spawnSync('mkfifo', [join(folder, 'fifo')]);
}

const sh = (script: string, options: RunCase['options'] = {}): RunCase => ({
  argv: ['sh', '-c', script],
  options,
});
export const COMMANDS: readonly RunCase[] = [
  sh('exit 7'),
  sh('echo out; echo err >&2'),
  sh('printf "\\377\\303(\\342\\202x"'),
  sh('env | grep -v -e ^PWD= -e ^SHLVL= -e ^_= -e ^OLDPWD= | sort'),
  sh('cat; echo end of stdin'),
  sh('kill -9 $$'),
  sh('kill -TERM $$'),
  sh('trap "" TERM; sleep 20 & wait; sleep 20', { timeoutMs: 300 }),
  sh('sleep 20', { timeoutMs: 200 }),
  sh(
    'i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done; echo x >&2',
    {
      maxOutputBytes: 5000,
    },
  ),
  sh('(sleep 3; echo late) & echo early'),
  sh('ls /proc/self/fd | wc -l'),
  sh('grep -E "^Sig(Blk|Ign)" /proc/self/status'),
  { argv: ['sh', '-c', 'echo "$1|$2"', 'x', '$(id)', 'a b; `c`'] },
  { argv: ['/nonexistent/program'] },
  { argv: ['no-such-program-anywhere', '--x'] },
  { argv: ['/etc/passwd'] },
];
