// A machine with a processor for arm64 under QEMU, which emulates all of it.
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { endGroup, spawnOwned } from '../guest/owned-process.ts';
import { openSocket } from '../vm/qmp.ts';
import { SerialConsole } from '../vm/serial-console.ts';

export interface Arm64Boot {
  readonly kernel: string;
  readonly initrd: string;
  readonly kernelArguments: readonly string[];
  /** By serial number, each with the file that is its disk: `raw`, or an overlay (`qcow2`). */
  readonly disks: Readonly<Record<string, { readonly path: string; readonly format: 'raw' | 'qcow2' }>>;
  /** For its socket. */
  readonly folder: string;
}

export class Arm64Machine {
  readonly console: SerialConsole;
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, console: SerialConsole) {
    this.child = child;
    this.console = console;
    this.exited = new Promise((resolve) => {
      if (child.exitCode !== null) resolve(child.exitCode);
      child.once('close', resolve);
    });
  }

  static async start({ kernel, initrd, kernelArguments, disks, folder }: Arm64Boot): Promise<Arm64Machine> {
    const socket = join(folder, 'console');
    const drives = Object.entries(disks).flatMap(([name, { path, format }]) => [
      ...['-drive', `if=none,id=${name},file=${path},format=${format},cache=unsafe,discard=unmap`],
      ...['-device', `scsi-hd,drive=${name},serial=${name}`],
    ]);
    const words = ['console=ttyAMA0', ...kernelArguments].join(' ');
    const child = spawnOwned(
      'qemu-system-aarch64',
      [
        // A processor without pointer authentication, which is slow to emulate.
        ...['-machine', 'virt', '-cpu', 'cortex-a57', '-m', '1536'],
        ...['-nodefaults', '-display', 'none', '-no-reboot'],
        // It waits for who listens, so that no line is lost.
        ...['-serial', `unix:${socket},server=on,wait=on`, '-device', 'virtio-rng-pci'],
        ...['-device', 'virtio-scsi-pci', ...drives],
        ...['-kernel', kernel, '-initrd', initrd, '-append', words],
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    try {
      const started = performance.now();
      return new Arm64Machine(
        child,
        new SerialConsole(await openSocket(socket), () => (performance.now() - started) / 1000),
      );
    } catch (error) {
      endGroup(child);
      throw error;
    }
  }

  async stop(): Promise<void> {
    endGroup(this.child);
    await this.exited;
  }
}
