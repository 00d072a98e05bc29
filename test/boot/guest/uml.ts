// Runs a shell script under a real kernel with real md, device-mapper and LUKS, in seconds and without a VM.
//
//   const { code, stdout, files } = await runUnderUml({
//     disks: [{ size: '64M' }, { size: '64M' }],             // scratch disks /dev/ubdb, /dev/ubdc, or { path } to keep one
//     files: { 'reliable-raid': readFileSync('dist/reliable-raid') },      // become /run/job/reliable-raid (mode 755)
//     script: `. /run/job/prepare                             # udev runs, md and dm modules are loaded
//       mdadm --create /dev/md0 --run --level=1 --raid-devices=2 /dev/ubdb /dev/ubdc
//       /run/job/reliable-raid resolve --json --fstab /run/job/fstab >out/tree.json`,
//   });                                                       // files: what the script left in /run/job/out
// The root file system is the guests' base (Debian, writable for the time of the run). One call takes 2-4 s.
// A script may end its machine by `: >/run/job/requests/power-cut`, when it has written its exit code to /run/job/status.
import {
  closeSync,
  copyFileSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { baseImage } from './base.ts';
import { installHostPrograms } from './host-command.ts';
import { answerRequests, type PluggableDisks } from './host-requests.ts';
import { keepOnOneProcessor } from './one-processor.ts';
import { endGroup, spawnOwned } from './owned-process.ts';
import { say } from './progress.ts';
import { scratchFolder } from './scratch.ts';
import { userModeLinux } from './user-mode-linux.ts';

/** Only a job that hangs takes longer, on a host as busy as any: an installation that takes one minute of an idle one took 15 of such. */
const JOB_SECONDS = 2400;

/**
 * A scratch disk, or one that is kept; its serial number is `disk1`, `disk2` ... by place unless it has one of its own. `changes`: a file for
 * what is written, so that the disk stays as it is.
 */
export type UmlDisk =
  | { readonly size: string }
  | { readonly path: string; readonly serial?: string; readonly changes?: string };

export interface UmlJob {
  readonly script: string;
  readonly disks?: readonly UmlDisk[];
  /** Disks that are not there until the script asks for them: `: >/run/job/requests/plug-NAME`. */
  readonly pluggable?: Readonly<Record<string, { readonly path: string }>>;
  readonly kernelArguments?: readonly string[];
  /** Name to content; each becomes an executable file in /run/job. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Files of the host, copied into /run/job/input. */
  readonly input?: readonly string[];
  readonly suite?: string;
  /** Debian packages that the guests do not have. */
  readonly packages?: readonly string[];
  readonly memory?: string;
  readonly timeoutSeconds?: number;
  /** Where the script's out/ shall be kept; without it, its files are returned as text. */
  readonly outFolder?: string;
}

export interface UmlResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly console: string;
  readonly files: Readonly<Record<string, string>>;
}

// Node opens an io_uring where it is allowed to; one that is inherited by a child corrupts the memory of the user-mode kernel 7.2
const quirks = 'echo 2 >/proc/sys/kernel/io_uring_disabled';
const inEveryJob = ['prepare', 'start-udev'];

export async function runUnderUml(job: UmlJob): Promise<UmlResult> {
  await installHostPrograms(say);
  const uml = await userModeLinux();
  const base = await baseImage(job.suite ?? 'trixie', job.packages);
  const folder = scratchFolder('job');
  try {
    for (const [name, content] of Object.entries(job.files ?? {})) {
      writeFileSync(join(folder, name), content, { mode: 0o755 });
    }
    for (const name of inEveryJob) {
      copyFileSync(new URL(`./in-uml/${name}`, import.meta.url), join(folder, name));
    }
    writeFileSync(join(folder, 'script'), `${quirks}\n${job.script}`);
    mkdirSync(join(folder, 'input'));
    for (const path of job.input ?? []) copyFileSync(path, join(folder, 'input', basename(path)));
    const out = job.outFolder ?? join(folder, 'out');
    mkdirSync(join(folder, 'out'), { recursive: true });
    const disks = (job.disks ?? []).map((disk, index) => diskArgument(disk, index + 1, folder));
    const pluggable = Object.entries(job.pluggable ?? {}).map(
      ([name, { path }], index) => [name, `ubd${disks.length + index + 1}=${path},,${name}`] as const,
    );
    const seconds = job.timeoutSeconds ?? JOB_SECONDS;
    const console = await boot(uml.folder, folder, seconds, Object.fromEntries(pluggable), [
      `mem=${job.memory ?? '768M'}`,
      `uml_dir=${folder}`,
      'umid=kernel',
      `ubd0r=${base}`,
      ...disks,
      'root=/dev/ubda',
      'ro',
      'init=/uml-init',
      `job=${folder}`,
      `modules=${uml.modules}`,
      'seccomp=on',
      'con=null',
      'con0=null,fd:1',
      ...(job.kernelArguments ?? []),
    ]);
    const text = (name: string) =>
      existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '';
    const status = text('status').trim();
    if (status === '') throw new Error(`user-mode Linux ended before its script did:\n${tail(console)}`);
    if (job.outFolder !== undefined) {
      for (const name of readdirSync(join(folder, 'out'))) {
        writeFileSync(join(out, name), readFileSync(join(folder, 'out', name)));
      }
    }
    return {
      code: Number(status),
      stdout: text('stdout'),
      stderr: text('stderr'),
      console,
      files: job.outFolder === undefined ? textFiles(out) : {},
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function boot(
  folder: string,
  jobFolder: string,
  timeoutSeconds: number,
  pluggable: PluggableDisks,
  args: readonly string[],
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawnOwned('./linux.uml', args, {
      cwd: folder,
      env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: folder, HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    keepOnOneProcessor(child);
    const deaf = answerRequests(jobFolder, child, pluggable);
    let console = '';
    let late = false;
    const collect = (chunk: Buffer) => {
      console += chunk.toString('latin1');
    };
    const timer = setTimeout(() => {
      late = true;
      endGroup(child);
    }, timeoutSeconds * 1000);
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      deaf();
      if (late)
        reject(new Error(`user-mode Linux did not end within ${timeoutSeconds} s:\n${tail(console)}`));
      else resolve(console);
    });
  });
}

function diskArgument(disk: UmlDisk, place: number, folder: string): string {
  const name = `disk${place}`;
  if ('path' in disk) {
    const { path, serial = name, changes } = disk;
    return changes === undefined
      ? `ubd${place}=${path},,${serial}`
      : `ubd${place}=${changes},${path},${serial}`;
  }
  const scratch = join(folder, name);
  createDisk(scratch, disk.size);
  return `ubd${place}=${scratch},,${name}`;
}

/** A sparse file of a size such as 64M or 2G. */
export function createDisk(path: string, size: string): void {
  const [, number = '0', unit = ''] = /^(\d+)([KMG]?)$/.exec(size) ?? [];
  const factor = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[unit] ?? 1;
  const file = openSync(path, 'w');
  ftruncateSync(file, Number(number) * factor);
  closeSync(file);
}

function textFiles(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  );
}

function tail(text: string): string {
  return text.trimEnd().split('\n').slice(-25).join('\n');
}
