import { decideArrays } from '../../app/after-boot/arrays.ts';
import { boot } from '../../app/boot/boot.ts';
import { ledger } from '../../app/ledger/ledger.ts';
import type { Machine } from '../../app/machine.ts';
import type { Output } from '../../app/output.ts';
import { keepBoot } from '../../app/report/keep-boot.ts';
import { start } from '../../app/start/start.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { ARRAYS, BOOT, LEDGER, START } from '../command-table.ts';
import { showLedger } from '../commands/show-ledger.ts';
import { showStart } from '../commands/show-start.ts';
import { startDialogue } from '../commands/start-dialogue.ts';
import { bootRequest } from '../options/boot-request.ts';
import { copyNumbers } from '../options/copy-numbers.ts';
import { VERSION } from '../version.ts';
import { type ParsedArguments, parseArguments } from './arguments.ts';
import { misused, usage } from './usage.ts';

/** The boot engine; its `gate` is a program of its own. */
export async function bootEngine(
  words: readonly string[],
  machine: () => Machine,
  output: Output,
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
  const spec = [BOOT, START, ARRAYS, LEDGER].find(({ name }) => name === command);
  if (spec === undefined)
    return misused(command === undefined ? 'no command' : `unknown command ${command}`, output);
  const parsed = parseArguments(rest, spec);
  if (typeof parsed === 'string') return misused(parsed, output);
  if (spec === BOOT) return runBoot(parsed, machine, output);
  if (spec === ARRAYS) return decideArrays(machine(), output.out, { dryRun: parsed.switches.has('dry-run') });
  if (spec === START) return runStart(parsed, machine, output);
  return runLedger(parsed, machine, output);
}

async function runBoot({ values }: ParsedArguments, machine: () => Machine, output: Output): Promise<number> {
  const request = bootRequest(
    values.get('stage'),
    values.get('limit-ms'),
    values.get('watchlist') ?? '',
    values.get('root') || null,
  );
  if (typeof request === 'string') return misused(request, output);
  return boot(request, machine(), output.err);
}

async function runStart(
  { values, switches, operands }: ParsedArguments,
  machine: () => Machine,
  output: Output,
): Promise<number> {
  const choices = copyNumbers(values.get('copy'));
  if (typeof choices === 'string') return misused(choices, output);
  const host = machine();
  const dialogue = startDialogue(host.operator, choices, output);
  const request = {
    arrays: operands,
    dryRun: switches.has('dry-run'),
    watchlistPath: values.get('watchlist') ?? '',
  };
  return showStart(await start(host, request, dialogue), output);
}

async function runLedger(
  { switches }: ParsedArguments,
  machine: () => Machine,
  output: Output,
): Promise<number> {
  const host = machine();
  const dryRun = switches.has('dry-run');
  const findings = await ledger(host, { dryRun });
  // The units that record at boot and at shutdown keep what the boot did as well: it costs no program of its own here.
  const why = dryRun ? null : await keepBoot(host);
  if (why !== null) output.err(`reliable-raid: error: ${escapeForConsole(why, 300)}`);
  return showLedger(findings, switches.has('json'), output);
}
