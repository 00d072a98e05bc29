import type { ReaddOutcome } from '../../rejoin/readd-outcome.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { WIDTH, wrap } from '../../text/lines.ts';

const READD_SCHEMA = 'reliable-raid/readd/1';

/** What became of each device, in lines of at most 79 columns. */
export const renderReadd = (outcomes: readonly ReaddOutcome[]): string =>
  outcomes.map((outcome) => lines(outcome).join('\n')).join('\n');

export const renderReaddJson = (outcomes: readonly ReaddOutcome[]): string =>
  JSON.stringify({ schema: READD_SCHEMA, members: outcomes }, null, 1);

function lines(outcome: ReaddOutcome): readonly string[] {
  // What was typed and is nothing below /dev stays as it was typed.
  const device = `${outcome.device.startsWith('/') ? '' : '/dev/'}${escapeForConsole(outcome.device)}`;
  const array = `/dev/${escapeForConsole(outcome.array ?? '')}`;
  const disk = outcome.disk === '' ? [] : [`  ${escapeForConsole(outcome.disk, WIDTH - 2)}`];
  const why = wrap(`  ${outcome.reason}`);
  switch (outcome.result) {
    case 're-added':
      return [`${device} is a member of ${array} again: ${outcome.reason}`, ...disk];
    case 'rebuilding':
      return [`${device} is rebuilt whole into ${array}, as configured:`, ...disk, ...why];
    case 'would-re-add':
      return [`would run: ${outcome.command}`, ...disk];
    case 'member':
    case 'none':
      return [`${device}: ${outcome.reason}`];
    case 'refused':
      return [`${device} was not re-added to ${array}:`, ...disk, ...why, ...advice(outcome)];
    case 'failed':
      return [`${device} could not be re-added to ${array}:`, ...disk, ...why, ...advice(outcome)];
  }
}

/** A full rebuild is the only other way in, and what the disk holds does not survive it. */
function advice({ advice: commands }: ReaddOutcome): readonly string[] {
  if (commands.length === 0) return [];
  return [
    '  It is unchanged. Rebuilding it OVERWRITES EVERYTHING ON IT; to do so:',
    ...commands.map((command) => `    ${escapeForConsole(command, WIDTH - 4)}`),
  ];
}
