import { isModuleNumber } from '../../core/configuration/boot-options.ts';
import type { CommandEffect } from '../../core/engine/effects.ts';
import type { CommandStep } from '../../core/report/timeline.ts';
import type { RunResult } from '../../ports/runner.ts';
import type { Machine } from '../machine.ts';
import { runPath, writeInFolder } from '../own-places.ts';
import { messageOf } from '../why-it-failed.ts';

export interface CommandOutcome {
  readonly ok: boolean;
  /** What was done, in this order; empty for `settle`. */
  readonly steps: readonly CommandStep[];
  readonly detail: string;
}

/** udev's queue is waited for this long before a start, at most. */
const SETTLE_MS = 10_000;

const MDADM_MS = 60_000;

/** Exactly what a command effect runs and writes; empty for `settle`. None forces or creates anything (S9). */
export function commandSteps(command: CommandEffect, paths: Machine['paths']): readonly CommandStep[] {
  const steps = plainSteps(command, paths);
  const path = dirtyParameter(paths);
  return startsDirty(command) ? [{ path, value: '1' }, ...steps, { path, value: '0' }] : steps;
}

/** As a person would type it. */
export const commandLine = (command: CommandEffect, paths: Machine['paths']): string =>
  commandSteps(command, paths)
    .map((step) => ('argv' in step ? step.argv.join(' ') : `echo ${step.value} > ${step.path}`))
    .join('; ');

/** Carries out one command effect. Never throws: what went wrong is the outcome. */
export async function runCommand(command: CommandEffect, machine: Machine): Promise<CommandOutcome> {
  const steps = commandSteps(command, machine.paths);
  if (command.kind === 'assemble') return bindEach(command, machine);
  if (!startsDirty(command)) return { ...(await runPlainly(command, machine)), steps };
  // For the time of this command alone: no other array is to be started so (md.rst, start_dirty_degraded).
  const allow = (value: '0' | '1') => machine.files.writeValue(dirtyParameter(machine.paths), value);
  try {
    await allow('1');
    return { ...(await runPlainly(command, machine)), steps };
  } catch (error) {
    return { ok: false, steps, detail: messageOf(error) };
  } finally {
    await allow('0').catch(() => undefined);
  }
}

function plainSteps(command: CommandEffect, { sys, dev }: Machine['paths']): readonly CommandStep[] {
  switch (command.kind) {
    case 'assemble':
      return command.devices.map((device) => ({ argv: ['mdadm', '--incremental', `${dev}/${device}`] }));
    case 'run-array':
      return [{ argv: ['mdadm', '--run', `${dev}/${command.device}`] }];
    case 'stop-array':
      return [{ argv: ['mdadm', '--stop', `${dev}/${command.device}`] }];
    case 'write-read-auto':
      return [{ path: `${sys}/block/${command.device}/md/array_state`, value: 'read-auto' }];
    case 'settle':
      return [];
  }
}

const startsDirty = (command: CommandEffect): boolean => 'dirty' in command && command.dirty;

/** Whether md has been told so, by whatever way: the kernel command line, modprobe.d, a person in a shell. */
export async function isDirtyStartAllowed({
  files,
  paths,
}: Pick<Machine, 'files' | 'paths'>): Promise<boolean> {
  const value = (await files.readText(dirtyParameter(paths)))?.trim() ?? null;
  return isModuleNumber(value) && Number(value) !== 0;
}

const dirtyParameter = (paths: Machine['paths']): string =>
  `${paths.sys}/module/md_mod/parameters/start_dirty_degraded`;

/**
 * A DEVICE line may name an old controller's disks, AUTO or POLICY may rule the array out: it is known by its UUID and by nothing
 * else. What mdadm refuses is offered once more under a configuration that says only that.
 */
async function bindEach(
  command: CommandEffect & { kind: 'assemble' },
  { files, paths, runner }: Machine,
): Promise<CommandOutcome> {
  const steps: CommandStep[] = [];
  const failures: string[] = [];
  const run = async (argv: readonly [string, ...string[]]): Promise<string | null> => {
    steps.push({ argv });
    const result = await runner.run(argv, { timeoutMs: MDADM_MS });
    return result.status === 0 ? null : describeFailure(result);
  };
  const conf = runPath(paths, 'mdadm.conf');
  for (const device of command.devices.map((name) => `${paths.dev}/${name}`)) {
    const refused = await run(['mdadm', '--incremental', device]);
    if (refused === null) continue;
    const text = `DEVICE partitions\nARRAY ${command.devicePath} UUID=${command.uuid}\n`;
    const unwritten = await writeInFolder(files, conf, text);
    const failed = unwritten ?? (await run(['mdadm', '--incremental', `--config=${conf}`, device]));
    if (failed !== null) failures.push(refused);
  }
  return { ok: failures.length === 0, steps, detail: failures.join('; ') };
}

async function runPlainly(
  command: CommandEffect,
  { deviceEvents, files, paths, runner }: Machine,
): Promise<Omit<CommandOutcome, 'steps'>> {
  if (command.kind === 'settle') await deviceEvents.settle(SETTLE_MS);
  const failures: string[] = [];
  for (const step of plainSteps(command, paths)) {
    if ('argv' in step) {
      const result = await runner.run(step.argv, { timeoutMs: MDADM_MS });
      if (result.status !== 0) failures.push(describeFailure(result));
    } else {
      await files
        .writeValue(step.path, step.value)
        .catch((error: unknown) => failures.push(messageOf(error)));
    }
  }
  return { ok: failures.length === 0, detail: failures.join('; ') };
}

function describeFailure(result: RunResult): string {
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  const how = result.error ?? `exit status ${result.status}`;
  return `${result.argv.join(' ')}: ${said === '' ? how : `${said} (${how})`}`;
}
