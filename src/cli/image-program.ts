import { boot } from '../app/boot.ts';
import { gate, gateRequest } from '../app/gate.ts';
import { ledger } from '../app/ledger.ts';
import { WATCHLIST_PATH } from '../app/load-watchlist.ts';
import type { Machine } from '../app/machine.ts';
import { type StartOutput, start } from '../app/start.ts';
import { escapeForConsole } from '../core/parse/escape-console.ts';
import { renderGate } from '../core/render/gate-answer.ts';
import { bootRequest, STAGES } from './boot-request.ts';
import { copyNumbers } from './copy-numbers.ts';
import { parseImageArguments, type Syntax } from './image-arguments.ts';
import { VERSION } from './version.ts';

const EXIT_USAGE = 2;

const HELP = `Usage: reliable-raid COMMAND

boots a machine whose root stands on md RAID when a disk is missing, late or returned
(the boot engine of the image: the full program is on the installed system)

  boot --stage STAGE        one of ${STAGES.join(', ')}
       [--limit-ms MS]      when the image generator gives up, since the kernel started
       [--watchlist FILE]   the watchlist to obey (${WATCHLIST_PATH})
  start [ARRAY...]          show the listed arrays and start, degraded if it must be, those that can be started;
                            an ARRAY is a name, a UUID or a device
        [--dry-run]         print the exact mdadm commands and run none
        [--copy NUMBERS]    answer the questions that come up, in their order: the number of a choice
        [--watchlist FILE]
  gate DEVICE             whether udev may hand this md member to mdadm now: pass, hold or readd
       [--export]           as udev properties
       [--metadata VERSION] where its superblock is, by udev (ID_FS_VERSION)
  ledger                    record which members of each array are in sync, for the next boot
        [--dry-run]         show what is known in each place, and write nothing
        [--json]            as JSON
  --version, --help`;

const BOOT: Syntax = { values: ['stage', 'limit-ms', 'watchlist'], flags: [], operands: false };
const GATE: Syntax = { values: ['metadata'], flags: ['export'], operands: true };
const LEDGER: Syntax = { values: [], flags: ['dry-run', 'json'], operands: false };
const START: Syntax = { values: ['watchlist', 'copy'], flags: ['dry-run'], operands: true };

/** The program in the image: the full program's commands that make sense there, same options, same exit statuses. */
export async function imageProgram(
  words: readonly string[],
  machine: () => Machine,
  output: StartOutput,
): Promise<number> {
  const [command, ...rest] = words;
  if (command === '--version' || command === '-V') output.out(VERSION);
  else if (command === '--help' || command === '-h' || command === 'help' || rest.includes('--help'))
    output.out(HELP);
  else if (command === 'boot') return runBoot(rest, machine, output);
  else if (command === 'start') return runStart(rest, machine, output);
  else if (command === 'ledger') return runLedger(rest, machine, output);
  else if (command === 'gate') return runGate(rest, machine, output);
  else return misused(command === undefined ? 'no command' : `unknown command ${command}`, output);
  return 0;
}

async function runBoot(
  words: readonly string[],
  machine: () => Machine,
  output: StartOutput,
): Promise<number> {
  const parsed = parseImageArguments(words, BOOT);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { values } = parsed;
  const stage = values.get('stage');
  if (stage === undefined) return misused('boot needs --stage', output);
  const request = bootRequest(stage, values.get('limit-ms'), values.get('watchlist') ?? WATCHLIST_PATH);
  if (typeof request === 'string') return misused(request, output);
  return boot(request, machine(), output.err);
}

async function runStart(
  words: readonly string[],
  machine: () => Machine,
  output: StartOutput,
): Promise<number> {
  const parsed = parseImageArguments(words, START);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { values, flags, operands } = parsed;
  const watchlistPath = values.get('watchlist') ?? WATCHLIST_PATH;
  const choices = copyNumbers(values.get('copy') ?? '1');
  if (choices === null) return misused('--copy: expected numbers from 1 to 9, such as 2 or 2,1', output);
  const request = {
    arrays: operands,
    dryRun: flags.has('dry-run'),
    choices: values.has('copy') ? choices : [],
    watchlistPath,
  };
  return start(request, machine(), output);
}

async function runLedger(
  words: readonly string[],
  machine: () => Machine,
  output: StartOutput,
): Promise<number> {
  const parsed = parseImageArguments(words, LEDGER);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { flags } = parsed;
  return ledger({ dryRun: flags.has('dry-run'), json: flags.has('json') }, machine(), output);
}

async function runGate(
  words: readonly string[],
  machine: () => Machine,
  output: StartOutput,
): Promise<number> {
  const parsed = parseImageArguments(words, GATE);
  if (typeof parsed === 'string') return misused(parsed, output);
  const { values, flags, operands } = parsed;
  const [device, surplus] = operands;
  if (device === undefined) return misused('gate needs a device', output);
  if (surplus !== undefined) return misused(`unexpected argument ${surplus}`, output);
  const answer = await gate(gateRequest(device, values.get('metadata') ?? null), machine());
  output.out(renderGate(answer, flags.has('export')));
  return 0;
}

function misused(what: string, output: StartOutput): number {
  output.err(`reliable-raid: ${escapeForConsole(what, 200)}`);
  output.err('(reliable-raid --help lists the commands)');
  return EXIT_USAGE;
}
