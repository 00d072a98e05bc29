import type { Command } from 'commander';
import type { SettingValues } from '../../app/configuration/settings.ts';
import { loadConfiguration } from '../../app/load-configuration.ts';
import type { Machine } from '../../app/machine.ts';
import { etcFolder } from '../../app/own-places.ts';
import { readd } from '../../app/rejoin/readd.ts';
import { renderReadd, renderReaddJson } from '../../core/render/commands/readd-report.ts';
import { READD } from '../command-table.ts';
import { register } from './register.ts';

interface ReaddOptions {
  readonly auto: boolean;
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function addReaddCommand(
  program: Command,
  machine: () => Machine,
  exit: (status: number) => void,
): void {
  register(program, READD).action(async (devices: string[], { auto, dryRun, json }: ReaddOptions) => {
    const host = machine();
    const setting = auto ? await settingOf(host) : 'auto';
    if (setting === 'manual') {
      process.stdout.write('readd = "manual" is configured: nothing is done\n');
      return exit(0);
    }
    const outcomes = await readd(host, { devices, dryRun, rebuild: setting === 'rebuild' });
    const text = json ? renderReaddJson(outcomes) : renderReadd(outcomes);
    process.stdout.write(
      `${text === '' ? 'nothing to re-add: no degraded array is waiting for a disk that is present' : text}\n`,
    );
    // When udev starts it, a device that has since become a member or vanished is not a failure.
    const bad = auto ? ['refused', 'failed'] : ['refused', 'failed', 'none'];
    exit(outcomes.some(({ result }) => bad.includes(result)) ? 1 : 0);
  });
}

async function settingOf({ files, paths }: Machine): Promise<SettingValues['readd']> {
  const { configuration, warnings } = await loadConfiguration(files, etcFolder(paths));
  for (const warning of warnings) process.stderr.write(`reliable-raid: warning: ${warning}\n`);
  return configuration.options.readd;
}
