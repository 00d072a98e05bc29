// Commands of the host: run, with root's rights where they are needed, and installed where they are missing.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export function runCommand(
  command: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv } = {},
): Promise<CommandResult> {
  const [program = '', ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Runs a command that must succeed; the error carries the end of what it said. */
export async function mustRun(command: readonly string[]): Promise<string> {
  const result = await runCommand(command);
  if (result.code !== 0) {
    const said = `${result.stdout}${result.stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`${command.join(' ')}: exit code ${result.code}\n${said}`);
  }
  return result.stdout;
}

export function asRoot(command: readonly string[]): readonly string[] {
  return process.getuid?.() === 0 ? command : ['sudo', ...command];
}

export function isInstalled(program: string): boolean {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => existsSync(join(folder, program)));
}

const packageOfProgram: Readonly<Record<string, string>> = {
  mmdebstrap: 'mmdebstrap',
  'qemu-system-x86_64': 'qemu-system-x86',
  'qemu-img': 'qemu-utils',
  mke2fs: 'e2fsprogs',
  zstd: 'zstd',
  cpio: 'cpio',
};

/**
 * Installs, with apt, the programs that building and running a guest needs and the host lacks; and what else is needed, each with Debian's
 * package of it.
 */
export async function installHostPrograms(
  say: (text: string) => void,
  besides: Readonly<Record<string, string>> = {},
): Promise<void> {
  const wanted = { ...packageOfProgram, ...besides };
  const missing = Object.keys(wanted).filter((program) => !isInstalled(program));
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const packages = missing.map((program) => wanted[program] ?? program);
  if (!existsSync(keyring)) packages.push('debian-archive-keyring');
  if (packages.length === 0) return;
  if (!isInstalled('apt-get')) {
    throw new Error(
      `missing on this machine: ${packages.join(', ')} (install them; there is no apt-get here)`,
    );
  }
  say(`installing ${packages.join(', ')}`);
  const apt = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-o', 'DPkg::Lock::Timeout=600', '-y'];
  await runCommand(asRoot([...apt, 'update']));
  await mustRun(asRoot([...apt, '--no-install-recommends', 'install', ...packages]));
}
