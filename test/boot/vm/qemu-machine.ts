// A machine under QEMU with a guest's disks: starts from the same bytes every time, writes to overlays of its own.
import type { ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../guest/host-command.ts';
import { endGroup, spawnOwned } from '../guest/owned-process.ts';
import {
  accelerator,
  kernelArgumentsForScreen,
  kernelArgumentsForSpeed,
  processorArguments,
} from './accelerator.ts';
import { diskPath } from './disk-path.ts';
import type { Machine, MachineOptions } from './machine.ts';
import { takeMachineSlot } from './machine-slot.ts';
import { preferProcess, secondsStarved } from './processor-share.ts';
import { openSocket, Qmp } from './qmp.ts';
import { SerialConsole } from './serial-console.ts';
import { SerialShell } from './serial-shell.ts';

/** Of QEMU's query-blockstats, what is read here. */
interface BlockStatistics {
  readonly qdev?: string;
  readonly stats: { readonly wr_operations: number };
}

const OVMF = '/usr/share/OVMF';

export class QemuMachine implements Machine {
  readonly console: SerialConsole;
  readonly shellLine: SerialConsole;
  readonly shell: SerialShell;
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly qmp: Qmp;
  private readonly folder: string;
  private readonly diskNames: readonly string[];
  private readonly started: number;

  private constructor(
    child: ChildProcess,
    qmp: Qmp,
    sockets: Awaited<ReturnType<typeof openSocket>>[],
    options: MachineOptions,
    started: number,
  ) {
    const [first, second] = sockets;
    if (first === undefined || second === undefined) throw new Error('a machine has two serial ports');
    const now = () => (performance.now() - started) / 1000;
    this.console = new SerialConsole(first, now);
    this.shellLine = new SerialConsole(second, now);
    this.shell = new SerialShell(this.shellLine);
    this.child = child;
    this.qmp = qmp;
    this.folder = options.folder;
    this.diskNames = Object.keys(options.guest.disks);
    this.started = started;
    this.exited = new Promise((resolve) => {
      if (child.exitCode !== null) resolve(child.exitCode);
      child.once('close', resolve);
    });
  }

  static async start(options: MachineOptions): Promise<QemuMachine> {
    const args = await commandLine(options);
    const freeSlot = await takeMachineSlot('qemu');
    const started = performance.now();
    const child = spawnOwned('qemu-system-x86_64', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    child.once('close', freeSlot);
    child.once('error', freeSlot);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    try {
      const socketOf = (name: string) => openSocket(join(options.folder, name));
      // the machine stands still (-S) until everything is connected, so that no line is lost
      const qmp = await Qmp.connect(join(options.folder, 'qmp'));
      const sockets = [await socketOf('console'), await socketOf('shell')];
      const machine = new QemuMachine(child, qmp, sockets, options, performance.now());
      if (child.pid !== undefined) preferProcess(child.pid);
      await qmp.execute('cont');
      return machine;
    } catch (error) {
      endGroup(child);
      throw new Error(`the emulator did not start after ${performance.now() - started} ms: ${said.trim()}`, {
        cause: error,
      });
    }
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
    await this.qmp.execute('device_add', diskDevice(disk, this.diskNames.indexOf(disk)));
  }

  async unplug(disk: string): Promise<void> {
    await this.qmp.execute('device_del', { id: disk });
  }

  async pressKeys(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.qmp.execute('send-key', { keys: [{ type: 'qcode', data: key }] });
  }

  /** Read from the adapter's memory. */
  async screenText(): Promise<string> {
    const file = join(this.folder, 'screen-memory');
    await this.qmp.execute('pmemsave', { val: 0xb8000, size: 80 * 25 * 2, filename: file });
    const characters = readFileSync(file).filter((_, index) => index % 2 === 0);
    const text = Buffer.from(characters).toString('latin1');
    rmSync(file);
    return Array.from({ length: 25 }, (_, row) => text.slice(row * 80, row * 80 + 80).trimEnd()).join('\n');
  }

  async screenDump(path: string): Promise<void> {
    await this.qmp.execute('screendump', { filename: path, format: 'png' });
  }

  /** How often each disk was written to so far. */
  async diskWrites(): Promise<Readonly<Record<string, number>>> {
    const all = (await this.qmp.execute('query-blockstats')) as readonly BlockStatistics[];
    return Object.fromEntries(
      all.flatMap(({ qdev, stats }) => (qdev === undefined ? [] : [[qdev, stats.wr_operations] as const])),
    );
  }

  async responseTime(): Promise<number> {
    const asked = performance.now();
    await this.qmp.execute('query-status');
    return performance.now() - asked;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      await Promise.race([this.qmp.execute('quit').catch(() => undefined), this.exited]);
      const timer = setTimeout(() => endGroup(this.child), 5000);
      await this.exited;
      clearTimeout(timer);
    }
    this.qmp.close();
  }
}

async function commandLine(options: MachineOptions): Promise<string[]> {
  const { guest, folder, fromDisks = false } = options;
  const names = Object.keys(guest.disks);
  const kernel = join(guest.folder, 'vmlinuz');
  const drives: string[] = [];
  for (const [index, name] of names.entries()) {
    const overlay = diskPath(folder, name, 'qemu');
    const base = guest.disks[name] ?? '';
    const format = base.endsWith('.qcow2') ? 'qcow2' : 'raw';
    if (!existsSync(overlay))
      await mustRun(['qemu-img', 'create', '-q', '-f', 'qcow2', '-F', format, '-b', base, overlay]);
    drives.push('-blockdev', JSON.stringify(blockDevice(name, overlay)));
    if (options.absent?.includes(name) !== true)
      drives.push('-device', JSON.stringify(diskDevice(name, index, fromDisks)));
  }
  // OVMF finds no disk at all behind a controller whose first place is empty.
  const controllers = fromDisks ? names.map((_, index) => `scsi${index}`) : ['scsi0'];
  return [
    ...processorArguments(await accelerator(kernel)),
    ...[
      '-machine',
      `q35,sata=off,smbus=off${fromDisks ? ',graphics=off' : ''}`,
      '-m',
      String(options.memoryMiB ?? 768),
      '-smp',
      '1',
      '-nodefaults',
      '-S',
      '-no-reboot',
    ],
    ...['-display', 'none', '-vga', fromDisks ? 'none' : 'std', '-device', 'virtio-rng-pci'],
    ...controllers.flatMap((id) => ['-device', `virtio-scsi-pci,id=${id}`]),
    ...['-qmp', `unix:${join(folder, 'qmp')},server=on,wait=off`],
    ...['-serial', `unix:${join(folder, 'console')},server=on,wait=off`],
    ...['-serial', `unix:${join(folder, 'shell')},server=on,wait=off`],
    ...firmwareArguments(options),
    ...drives,
    ...(fromDisks ? [] : kernelArgumentsOf(options)),
  ];
}

function kernelArgumentsOf({ guest, initrd, kernelArguments = [] }: MachineOptions): string[] {
  const append = [
    'BOOT_IMAGE=/boot/vmlinuz',
    guest.rootArgument,
    'ro',
    'console=tty0',
    'console=ttyS0,115200',
    ...kernelArgumentsForSpeed,
    ...kernelArgumentsForScreen,
    ...kernelArguments,
  ];
  const files = ['-kernel', join(guest.folder, 'vmlinuz'), '-initrd', initrd ?? join(guest.folder, 'initrd')];
  return [...files, '-append', append.join(' ')];
}

function firmwareArguments({ firmware, folder }: MachineOptions): string[] {
  if (firmware !== 'efi') return [];
  const variables = join(folder, 'nvram');
  if (!existsSync(variables)) copyFileSync(`${OVMF}/OVMF_VARS_4M.fd`, variables);
  const flash = (options: string): string[] => ['-drive', `if=pflash,format=raw,${options}`];
  return [...flash(`readonly=on,file=${OVMF}/OVMF_CODE_4M.fd`), ...flash(`file=${variables}`)];
}

function blockDevice(name: string, path: string): object {
  const file = { driver: 'file', filename: path };
  return {
    driver: 'qcow2',
    'node-name': `drive-${name}`,
    file,
    cache: { 'no-flush': true },
    discard: 'unmap',
  };
}

function diskDevice(name: string, index: number, hasController = false): Record<string, unknown> {
  return {
    driver: 'scsi-hd',
    id: name,
    drive: `drive-${name}`,
    bus: hasController ? `scsi${index}.0` : 'scsi0.0',
    'scsi-id': hasController ? 0 : index,
    serial: name,
  };
}
