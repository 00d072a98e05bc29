import type { Command } from 'commander';
import type { Machine } from '../../app/machine.ts';
import { gate } from '../../app/rejoin/gate.ts';
import { renderGate } from '../../core/render/commands/gate-answer.ts';
import { GATE } from '../command-table.ts';
import { register } from './register.ts';

export function addGateCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, GATE).action(async (device: string, options: { export: boolean; metadata?: string }) => {
    const answer = await gate(machine(), { device, version: options.metadata ?? null });
    process.stdout.write(`${renderGate(answer, options.export)}\n`);
    exit(0);
  });
}
