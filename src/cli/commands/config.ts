import type { Command } from 'commander';
import { checkConfiguration } from '../../app/configuration/check-configuration.ts';
import { configurationJsonSchema } from '../../app/configuration/json-schema.ts';
import type { Machine } from '../../app/machine.ts';
import { CONFIG } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showConfiguration } from './show-configuration.ts';
import { usageError } from './usage-error.ts';

export function addConfigCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, CONFIG).action(async ({ json, schema }: { json: boolean; schema: boolean }) => {
    if (json && schema) usageError('--json and --schema cannot be used together');
    if (schema) {
      TERMINAL.out(configurationJsonSchema());
      return exit(0);
    }
    exit(showConfiguration(await checkConfiguration(machine()), json, TERMINAL));
  });
}
