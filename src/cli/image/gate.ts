import type { Output } from '../../app/output.ts';
import { type GateMachine, gate } from '../../app/rejoin/gate.ts';
import { renderGate } from '../../core/render/commands/gate-answer.ts';
import { parseImageArguments, type Syntax } from './arguments.ts';
import { HELP, misused } from './usage.ts';

const GATE: Syntax = { values: ['metadata'], flags: ['export'], operands: true };

/**
 * `gate` of the program in the image, apart from its other commands: udev asks it for each member of each array, and what
 * is not in it need not be read then. Same options and same exit statuses as the full program's.
 */
export async function imageGate(
  words: readonly string[],
  machine: () => GateMachine,
  output: Output,
): Promise<number> {
  if (words.includes('--help')) {
    output.out(HELP);
    return 0;
  }
  const parsed = parseImageArguments(words, GATE);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { values, flags, operands } = parsed;
  const [device, surplus] = operands;
  if (device === undefined) return misused('gate needs a device', output);
  if (surplus !== undefined) return misused(`unexpected argument ${surplus}`, output);
  const answer = await gate(machine(), { device, version: values.get('metadata') ?? null });
  output.out(renderGate(answer, flags.has('export')));
  return 0;
}
