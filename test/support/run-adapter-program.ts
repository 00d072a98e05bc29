// Runs a program that stands on adapters (adapter-program-node.ts, adapter-program-quickjs.ts), and takes what it answers.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Ended {
  readonly status: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Settings for Node or the C library in the caller's environment must change nothing. */
const environment = {
  PATH: process.env['PATH'],
  GLIBC_TUNABLES: 'glibc.malloc.check=3',
  LD_PRELOAD: '',
  TZ: 'Mars',
};

export function run(command: readonly string[], typed = ''): Promise<Ended> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment, stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin.on('error', () => undefined).end(typed);
    const ended = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      ended.stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      ended.stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ ...ended, status: code ?? signal }));
  });
}

export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'reliable-raid-adapters-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a program answers to a task, in a folder of its own that `fill` has filled; `@` in a case is that folder. */
export const answerOf = (
  program: readonly string[],
  task: string,
  cases: unknown,
  fill: (folder: string) => void,
): Promise<unknown> =>
  withFolder(async (folder) => {
    fill(folder);
    const list = join(folder, 'cases.json');
    writeFileSync(list, JSON.stringify(cases).replaceAll('@', folder));
    const { stdout, stderr, status } = await run([...program, folder, '1', task, list]);
    if (status !== 0) return `${status}: ${stderr}`;
    return JSON.parse(stdout.replaceAll(folder, '@'));
  });
