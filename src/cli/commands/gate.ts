import type { Command } from 'commander';
import type { Machine } from '../../app/machine.ts';
import { gate } from '../../app/rejoin/gate.ts';
import { renderGate } from '../../core/render/commands/gate-answer.ts';

export function addGateCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  program
    .command('gate')
    .description('whether udev may hand this md member to mdadm now: pass, hold or readd')
    .argument('<device>', 'a block device')
    .option('--export', 'as udev properties', false)
    .option('--metadata <version>', 'where its superblock is, by udev (ID_FS_VERSION)')
    .action(async (device: string, options: { export: boolean; metadata?: string }) => {
      const answer = await gate(machine(), { device, version: options.metadata ?? null });
      process.stdout.write(`${renderGate(answer, options.export)}\n`);
      exit(0);
    });
}
