import type { Command } from 'commander';
import { checkConfiguration } from '../../app/configuration/check-configuration.ts';
import { configurationJsonSchema } from '../../app/configuration/json-schema.ts';
import { writeGatePolicies } from '../../app/configuration/write-gate-policies.ts';
import type { Machine } from '../../app/machine.ts';
import { CONFIG } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showConfiguration } from './show-configuration.ts';
import { usageError } from './usage-error.ts';

interface ConfigOptions {
  readonly json: boolean;
  readonly schema: boolean;
  readonly gate: boolean;
}

export function addConfigCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, CONFIG).action(async ({ json, schema, gate }: ConfigOptions) => {
    const forms = [json && '--json', schema && '--schema', gate && '--gate'].filter(Boolean);
    if (forms.length > 1) usageError(`${forms.join(' and ')} cannot be used together`);
    if (gate) {
      const fault = await writeGatePolicies(machine());
      if (fault !== null) TERMINAL.err(`reliable-raid: error: ${fault}`);
      return exit(fault === null ? 0 : 1);
    }
    if (schema) {
      TERMINAL.out(configurationJsonSchema());
      return exit(0);
    }
    exit(showConfiguration(await checkConfiguration(machine()), json, TERMINAL));
  });
}
