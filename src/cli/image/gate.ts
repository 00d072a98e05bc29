import type { Output } from '../../app/output.ts';
import { type GateMachine, gate } from '../../app/rejoin/gate.ts';
import { renderGate } from '../../core/render/commands/gate-answer.ts';
import { GATE } from '../command-table.ts';
import { parseArguments } from './arguments.ts';
import { misused } from './usage.ts';

/**
 * `gate` of the boot engine, apart from its other commands: udev asks it for each member of each array, and what is not in it
 * need not be read then.
 */
export async function bootEngineGate(
  words: readonly string[],
  machine: () => GateMachine,
  output: Output,
): Promise<number> {
  const parsed = parseArguments(words, GATE);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { values, switches, operands } = parsed;
  const [device] = operands;
  if (device === undefined) return misused('gate needs a device', output);
  const answer = await gate(machine(), { device, version: values.get('metadata') ?? null });
  output.out(renderGate(answer, switches.has('export')));
  return 0;
}
