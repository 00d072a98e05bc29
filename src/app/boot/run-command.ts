import type { CommandEffect } from '../../core/engine/effects.ts';
import type { RunResult } from '../../ports/runner.ts';
import type { Machine } from '../machine.ts';
import { messageOf } from '../why-it-failed.ts';

export interface CommandOutcome {
  readonly ok: boolean;
  /** What was done, as one would type it; null for what is no command. */
  readonly line: string | null;
  readonly detail: string;
}

/** udev's queue is waited for this long before a start, at most. */
const SETTLE_MS = 10_000;

const MDADM_MS = 60_000;

/** The exact argument vectors of a command effect; none for what is no mdadm call. None forces or makes anything (S9). */
export function mdadmCalls(command: CommandEffect, dev: string): readonly (readonly [string, ...string[]])[] {
  switch (command.kind) {
    case 'assemble':
      return command.devices.map((device) => ['mdadm', '--incremental', `${dev}/${device}`]);
    case 'run-array':
      return [['mdadm', '--run', `${dev}/${command.device}`]];
    case 'stop-array':
      return [['mdadm', '--stop', `${dev}/${command.device}`]];
    case 'write-read-auto':
    case 'settle':
      return [];
  }
}

/** As a person would type it, for `--dry-run` and the report. */
export function commandLine(command: CommandEffect, paths: Machine['paths']): string | null {
  if (command.kind === 'settle') return null;
  const plain =
    command.kind === 'write-read-auto'
      ? `echo read-auto > ${stateFile(command.device, paths)}`
      : mdadmCalls(command, paths.dev)
          .map((argv) => argv.join(' '))
          .join('; ');
  if (!startsDirty(command)) return plain;
  return `echo 1 > ${dirtyParameter(paths)}; ${plain}; echo 0 > ${dirtyParameter(paths)}`;
}

/** Carries out one command effect. Never throws: what went wrong is the outcome. */
export async function runCommand(command: CommandEffect, machine: Machine): Promise<CommandOutcome> {
  if (!startsDirty(command)) return runPlainly(command, machine);
  // For the time of this command alone: no other array is to be started so (md.rst, start_dirty_degraded).
  const allow = (value: '0' | '1') => machine.files.writeValue(dirtyParameter(machine.paths), value);
  try {
    await allow('1');
    return await runPlainly(command, machine);
  } catch (error) {
    return { ok: false, line: commandLine(command, machine.paths), detail: messageOf(error) };
  } finally {
    await allow('0').catch(() => undefined);
  }
}

const startsDirty = (command: CommandEffect): boolean => 'dirty' in command && command.dirty;

const dirtyParameter = (paths: Machine['paths']): string =>
  `${paths.sys}/module/md_mod/parameters/start_dirty_degraded`;

async function runPlainly(command: CommandEffect, machine: Machine): Promise<CommandOutcome> {
  const line = commandLine(command, machine.paths);
  if (command.kind === 'settle') {
    await machine.deviceEvents.settle(SETTLE_MS);
    return { ok: true, line, detail: '' };
  }
  if (command.kind === 'write-read-auto') {
    try {
      await machine.files.writeValue(stateFile(command.device, machine.paths), 'read-auto');
      return { ok: true, line, detail: '' };
    } catch (error) {
      return { ok: false, line, detail: messageOf(error) };
    }
  }
  const failures: string[] = [];
  for (const argv of mdadmCalls(command, machine.paths.dev)) {
    const result = await machine.runner.run(argv, { timeoutMs: MDADM_MS });
    if (result.status !== 0) failures.push(describeFailure(result));
  }
  return { ok: failures.length === 0, line, detail: failures.join('; ') };
}

const stateFile = (device: string, paths: Machine['paths']): string =>
  `${paths.sys}/block/${device}/md/array_state`;

function describeFailure(result: RunResult): string {
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  const how = result.error ?? `exit status ${result.status}`;
  return `${result.argv.join(' ')}: ${said === '' ? how : `${said} (${how})`}`;
}
