import { boot } from '../../app/boot/boot.ts';
import { ledger } from '../../app/ledger/ledger.ts';
import type { Machine } from '../../app/machine.ts';
import { type StartOutput, start } from '../../app/start/start.ts';
import { BOOT, LEDGER, START } from '../command-table.ts';
import { bootRequest } from '../options/boot-request.ts';
import { copyNumbers } from '../options/copy-numbers.ts';
import { VERSION } from '../version.ts';
import { type ParsedArguments, parseArguments } from './arguments.ts';
import { misused, usage } from './usage.ts';

/** The boot engine; its `gate` is a program of its own. */
export async function bootEngine(
  words: readonly string[],
  machine: () => Machine,
  output: StartOutput,
): Promise<number> {
  const [command, ...rest] = words;
  if (command === '--version' || command === '-V') {
    output.out(VERSION);
    return 0;
  }
  if (command === '--help' || command === '-h' || command === 'help' || rest.includes('--help')) {
    output.out(usage());
    return 0;
  }
  const spec = [BOOT, START, LEDGER].find(({ name }) => name === command);
  if (spec === undefined)
    return misused(command === undefined ? 'no command' : `unknown command ${command}`, output);
  const parsed = parseArguments(rest, spec);
  if (typeof parsed === 'string') return misused(parsed, output);
  if (spec === BOOT) return runBoot(parsed, machine, output);
  if (spec === START) return runStart(parsed, machine, output);
  const { switches } = parsed;
  return ledger({ dryRun: switches.has('dry-run'), json: switches.has('json') }, machine(), output);
}

function runBoot(
  { values }: ParsedArguments,
  machine: () => Machine,
  output: StartOutput,
): Promise<number> | number {
  const request = bootRequest(values.get('stage'), values.get('limit-ms'), values.get('watchlist') ?? '');
  if (typeof request === 'string') return misused(request, output);
  return boot(request, machine(), output.err);
}

function runStart(
  { values, switches, operands }: ParsedArguments,
  machine: () => Machine,
  output: StartOutput,
): Promise<number> | number {
  const choices = copyNumbers(values.get('copy'));
  if (typeof choices === 'string') return misused(choices, output);
  const watchlistPath = values.get('watchlist') ?? '';
  const request = { arrays: operands, dryRun: switches.has('dry-run'), choices, watchlistPath };
  return start(request, machine(), output);
}
