import type { Command } from 'commander';
import { decideArrays } from '../../app/after-boot/arrays.ts';
import type { Machine } from '../../app/machine.ts';
import { ARRAYS } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';

export function addArraysCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, ARRAYS).action(async ({ dryRun }: { readonly dryRun: boolean }) =>
    exit(await decideArrays(machine(), TERMINAL.out, { dryRun })),
  );
}
