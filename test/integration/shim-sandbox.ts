/**
 * A root folder in which the boot scripts run unprivileged: their absolute paths are moved below it, sysfs is plain files,
 * udevadm and the engine are small scripts that note how they were called.
 */
import { execFile } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../tools/project.ts';

export const HANG_SECONDS = 4;
const MOVED = /(?<![\w$}])\/(?=(?:(?:etc|usr|run|sys|scripts|conf|dev\/disk|proc\/cmdline)\b|dev\/\$))/g;

export interface Shell {
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
}

/** The shells that an image may have. */
export const SHELLS: readonly Shell[] = [
  { name: 'dash', argv: ['/usr/bin/dash'] as const },
  { name: 'busybox', argv: ['/usr/bin/busybox', 'sh'] as const },
  { name: 'klibc', argv: ['/usr/lib/klibc/bin/sh'] as const },
].filter(({ argv }) => existsSync(argv[0]));

export interface Outcome {
  readonly status: number | null;
  readonly output: string;
  readonly tookMs: number;
}

export class ShimSandbox {
  readonly root = mkdtempSync(join(tmpdir(), 'reliable-raid-shims-'));
  private readonly shell: Shell;

  constructor(shell: Shell) {
    this.shell = shell;
    for (const stage of ['init-top', 'local-top', 'local-block', 'local-bottom']) {
      this.script(
        `scripts/${stage}/reliable-raid`,
        readFileSync(join(ROOT, `initramfs-tools/scripts/${stage}/reliable-raid`), 'utf8'),
      );
    }
    const steps = readFileSync(join(ROOT, 'scripts/boot-steps'), 'utf8');
    this.script(
      'usr/lib/reliable-raid/boot-steps',
      steps.replace(/^HANG_SECONDS=.*/m, `HANG_SECONDS=${HANG_SECONDS}`),
    );
    this.script('usr/lib/reliable-raid/steps', readFileSync(join(ROOT, 'initramfs-tools/steps'), 'utf8'));
    this.program('bin/stty', 'echo "stty $*" >>"$ROOT/calls"');
    this.program('bin/umount', 'echo "umount $*" >>"$ROOT/calls"');
    this.write('sys/class/tty/console/active', 'tty0 ttyS0\n');
    this.write('dev/tty0', '');
    this.write('dev/ttyS0', '');
    this.program('bin/udevadm', 'echo "udevadm $*" >>"$ROOT/calls"');
    this.script('usr/lib/reliable-raid/mdadm-local-block', '#!/bin/sh\necho "stock $*"\n');
    this.write('proc/cmdline', 'root=/dev/md0 quiet\n');
    mkdirSync(join(this.root, 'scripts'), { recursive: true });
    mkdirSync(join(this.root, 'conf'));
    mkdirSync(join(this.root, 'dev/disk/by-id'), { recursive: true });
    this.engine('exit 0');
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  write(path: string, text: string): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, text);
  }

  read(path: string): string {
    return this.has(path) ? readFileSync(join(this.root, path), 'utf8') : '';
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** A file of the product or of the distribution, its paths moved below the root folder. */
  protected script(path: string, text: string): void {
    this.write(path, text.replace(MOVED, `${this.root}/`));
    chmodSync(join(this.root, path), 0o755);
  }

  program(path: string, body: string): void {
    this.write(path, `#!/bin/sh\nROOT='${this.root}'\n${body}\n`);
    chmodSync(join(this.root, path), 0o755);
  }

  /** What the boot engine does this time, in shell. */
  engine(body: string): void {
    this.program('usr/bin/reliable-raid', `echo "engine $*" >>"$ROOT/calls"\n${body}`);
  }

  listed(...lines: readonly string[]): void {
    this.write('etc/reliable-raid/arrays', lines.map((line) => `${line}\n`).join(''));
  }

  /** An array in sysfs, and udev's link to it when it runs. */
  array(kernelName: string, uuid: string, files: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(files))
      this.write(`sys/block/${kernelName}/md/${name}`, `${value}\n`);
    if (files['array_state'] === 'inactive') return;
    this.write(`dev/${kernelName}`, '');
    symlinkSync(`../../${kernelName}`, join(this.root, 'dev/disk/by-id', `md-uuid-${uuid}`));
  }

  calls(): string[] {
    return this.read('calls').split('\n').filter(Boolean);
  }

  engineCalls(): string[] {
    return this.calls().filter((line) => line.startsWith('engine'));
  }

  run(stage: string, { args = [], input = '', env = {} }: RunShim = {}): Promise<Outcome> {
    const [program, ...shellArgs] = this.shell.argv;
    const startedAt = performance.now();
    return new Promise((resolve) => {
      const child = execFile(
        program,
        [...shellArgs, join(this.root, `scripts/${stage}/reliable-raid`), ...args],
        { env: { PATH: `${this.root}/bin:/usr/bin:/bin`, ...env }, timeout: 60_000 },
        (error, stdout, stderr) =>
          resolve({
            status: error === null ? 0 : typeof error.code === 'number' ? error.code : null,
            output: stdout + stderr,
            tookMs: performance.now() - startedAt,
          }),
      );
      // A script that reads nothing may be gone before this arrives.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  /** Processes that still mention this sandbox on their command line. */
  survivors(): string[] {
    const processes = readProcesses();
    return processes.filter((line) => line.includes(this.root));
  }
}

interface RunShim {
  readonly args?: readonly string[];
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

function readProcesses(): string[] {
  return readdirNumbers('/proc').map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    } catch {
      return '';
    }
  });
}

function readdirNumbers(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^\d+$/.test(name));
}
