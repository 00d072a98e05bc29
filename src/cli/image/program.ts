import { boot } from '../../app/boot/boot.ts';
import { ledger } from '../../app/ledger/ledger.ts';
import type { Machine } from '../../app/machine.ts';
import type { Output } from '../../app/output.ts';
import { WATCHLIST_PATH } from '../../app/own-places.ts';
import { start } from '../../app/start/start.ts';
import { showLedger } from '../commands/show-ledger.ts';
import { showStart } from '../commands/show-start.ts';
import { startDialogue } from '../commands/start-dialogue.ts';
import { bootRequest } from '../options/boot-request.ts';
import { copyNumbers } from '../options/copy-numbers.ts';
import { VERSION } from '../version.ts';
import { parseImageArguments, type Syntax } from './arguments.ts';
import { HELP, misused } from './usage.ts';

const BOOT: Syntax = { values: ['stage', 'limit-ms', 'watchlist'], flags: [], operands: false };
const LEDGER: Syntax = { values: [], flags: ['dry-run', 'json'], operands: false };
const START: Syntax = { values: ['watchlist', 'copy'], flags: ['dry-run'], operands: true };

/** The program in the image: the full program's commands that make sense there, same options, same exit statuses; `gate` is a program of its own. */
export async function imageProgram(
  words: readonly string[],
  machine: () => Machine,
  output: Output,
): Promise<number> {
  const [command, ...rest] = words;
  if (command === '--version' || command === '-V') output.out(VERSION);
  else if (command === '--help' || command === '-h' || command === 'help' || rest.includes('--help'))
    output.out(HELP);
  else if (command === 'boot') return runBoot(rest, machine, output);
  else if (command === 'start') return runStart(rest, machine, output);
  else if (command === 'ledger') return runLedger(rest, machine, output);
  else return misused(command === undefined ? 'no command' : `unknown command ${command}`, output);
  return 0;
}

async function runBoot(words: readonly string[], machine: () => Machine, output: Output): Promise<number> {
  const parsed = parseImageArguments(words, BOOT);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { values } = parsed;
  const stage = values.get('stage');
  if (stage === undefined) return misused('boot needs --stage', output);
  const request = bootRequest(stage, values.get('limit-ms'), values.get('watchlist') ?? WATCHLIST_PATH);
  if (typeof request === 'string') return misused(request, output);
  return boot(request, machine(), output.err);
}

async function runStart(words: readonly string[], machine: () => Machine, output: Output): Promise<number> {
  const parsed = parseImageArguments(words, START);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { values, flags, operands } = parsed;
  const watchlistPath = values.get('watchlist') ?? WATCHLIST_PATH;
  const copy = values.get('copy');
  const choices = copy === undefined ? [] : copyNumbers(copy);
  if (choices === null) return misused('--copy: expected numbers from 1 to 9, such as 2 or 2,1', output);
  const host = machine();
  const dialogue = startDialogue(host.operator, choices, output);
  const request = { arrays: operands, dryRun: flags.has('dry-run'), watchlistPath };
  return showStart(await start(host, request, dialogue), output);
}

async function runLedger(words: readonly string[], machine: () => Machine, output: Output): Promise<number> {
  const parsed = parseImageArguments(words, LEDGER);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { flags } = parsed;
  const findings = await ledger(machine(), { dryRun: flags.has('dry-run') });
  return showLedger(findings, flags.has('json'), output);
}
