// A machine under user-mode Linux with a guest's disks: the guest's own image with that kernel's modules, the same serial ports and names
// as under QEMU. Disks are copies, plugged in and out by the kernel's management console.
import { type ChildProcess, execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mustRun } from '../guest/host-command.ts';
import { keepOnOneProcessor } from '../guest/one-processor.ts';
import { endGroup, spawnOwned } from '../guest/owned-process.ts';
import { imageForUserMode } from '../guest/user-mode-image.ts';
import { userModeLinux } from '../guest/user-mode-linux.ts';
import { diskPath } from './disk-path.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { takeMachineSlot } from './machine-slot.ts';
import { preferProcess, secondsStarved } from './processor-share.ts';
import { SerialConsole } from './serial-console.ts';
import { SerialShell } from './serial-shell.ts';

const client = fileURLToPath(new URL('../guest/management-console.pl', import.meta.url));
const [consolePort, shellPort] = [3, 4];

export class UserModeMachine implements Machine {
  readonly console: SerialConsole;
  readonly shellLine: SerialConsole;
  readonly shell: SerialShell;
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly folder: string;
  private readonly diskNames: readonly string[];
  private readonly started = performance.now();

  private constructor(child: ChildProcess, { folder, guest }: MachineOptions) {
    const now = () => this.hostSeconds;
    this.console = new SerialConsole(child.stdio[consolePort] as Duplex, now);
    this.shellLine = new SerialConsole(child.stdio[shellPort] as Duplex, now);
    this.shell = new SerialShell(this.shellLine);
    this.child = child;
    this.folder = folder;
    this.diskNames = Object.keys(guest.disks);
    this.exited = new Promise((resolve) => {
      child.once('close', resolve);
      child.once('error', () => resolve(null));
    });
  }

  static async start(options: MachineOptions): Promise<UserModeMachine> {
    const uml = await userModeLinux();
    const args = await commandLine(options);
    const freeSlot = await takeMachineSlot('user-mode');
    const child = spawnOwned(uml.kernel, args, {
      cwd: uml.folder,
      env: { PATH: process.env['PATH'], LD_LIBRARY_PATH: uml.folder, HOME: options.folder },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    child.once('close', freeSlot);
    child.once('error', freeSlot);
    if (child.pid !== undefined) preferProcess(child.pid);
    keepOnOneProcessor(child);
    return new UserModeMachine(child, options);
  }

  get hostSeconds(): number {
    return (performance.now() - this.started) / 1000;
  }

  get guestSeconds(): number | undefined {
    const start = this.console.kernelStart;
    return start === undefined ? undefined : this.hostSeconds - start;
  }

  get secondsStarved(): number {
    return this.child.pid === undefined ? 0 : secondsStarved(this.child.pid);
  }

  async plug(disk: string): Promise<void> {
    await this.manage(`config ${diskArgument(this.folder, disk, this.diskNames.indexOf(disk))}`);
  }

  async unplug(disk: string): Promise<void> {
    await this.manage(`remove ubd${this.diskNames.indexOf(disk) + 1}`);
  }

  async pressKeys(): Promise<void> {
    throw new Error('user-mode Linux has no keyboard: a scenario that presses keys needs QEMU');
  }

  async screenText(): Promise<string> {
    throw new Error('user-mode Linux has no screen');
  }

  async screenDump(): Promise<void> {}

  async responseTime(): Promise<number> {
    return 0;
  }

  async stop(): Promise<void> {
    endGroup(this.child);
    await this.exited;
  }

  private async manage(command: string): Promise<void> {
    await promisify(execFile)('perl', [client, join(this.folder, 'kernel', 'mconsole'), command]);
  }
}

async function commandLine(options: MachineOptions): Promise<string[]> {
  const { guest, folder } = options;
  const disks: string[] = [];
  for (const [index, [name, base]] of Object.entries(guest.disks).entries()) {
    const path = diskPath(folder, name, 'user-mode');
    if (!existsSync(path)) await mustRun(['cp', '--sparse=always', base, path]);
    if (options.absent?.includes(name) !== true) disks.push(diskArgument(folder, name, index));
  }
  const initrd = options.initrd ?? join(guest.folder, 'initrd');
  const port = (number: number) => `fd:${number},fd:${number}`;
  return [
    `mem=${options.memoryMiB ?? 768}M`,
    `uml_dir=${folder}`,
    'umid=kernel',
    'seccomp=on',
    `initrd=${options.initrdIsUserMode === true ? initrd : await imageForUserMode(initrd)}`,
    ...disks,
    'con=null',
    `ssl0=${port(consolePort)}`,
    `ssl1=${port(shellPort)}`,
    'BOOT_IMAGE=/boot/vmlinuz',
    guest.rootArgument,
    'ro',
    'console=ttyS0',
    ...(options.kernelArguments ?? []),
  ];
}

/** In the words of the kernel: place, file, no file of changes, serial number. */
function diskArgument(folder: string, name: string, index: number): string {
  return `ubd${index + 1}=${diskPath(folder, name, 'user-mode')},,${name}`;
}
