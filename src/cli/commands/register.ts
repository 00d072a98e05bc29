import { type Command, Option } from 'commander';
import { wrap } from '../../core/text/lines.ts';
import {
  COMMAND_GROUPS,
  type CommandSpec,
  EXIT_STATUSES,
  EXIT_USAGE,
  type OptionSpec,
} from '../command-table.ts';

/** A command as the table describes it, for commander; the caller adds its action. */
export function register(
  program: Command,
  { name, summary, group, argument, options }: CommandSpec,
): Command {
  const command = program.command(name).description(summary).helpGroup(`${COMMAND_GROUPS[group]}:`);
  if (argument !== undefined)
    command.argument(
      argument.count === 'any' ? `[${argument.name}...]` : `<${argument.name}>`,
      argument.meaning,
    );
  for (const option of options) addOption(command, option);
  return command.addHelpText('after', exitStatuses(name));
}

function addOption(command: Command, { flag, short, value, meaning, preset, use }: OptionSpec): void {
  const letter = short === undefined ? '' : `-${short}, `;
  const option = new Option(
    value === undefined ? `${letter}--${flag}` : `${letter}--${flag} <${value}>`,
    meaning,
  );
  if (preset !== undefined) option.default(preset, preset);
  if (use === 'repeated') option.argParser(collect);
  if (use === 'required') option.makeOptionMandatory();
  command.addOption(option);
  // Set in this way, so that the help does not call "false" a default.
  const unused = use === 'repeated' ? [] : value === undefined ? false : undefined;
  if (unused !== undefined) command.setOptionValueWithSource(option.attributeName(), unused, 'default');
}

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function exitStatuses(name: string): string {
  const misused = [EXIT_USAGE, 'the command line was not understood'] as const;
  const lines = [[0, 'good'] as const, ...(EXIT_STATUSES[name] ?? []), misused]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([status, when]) =>
      wrap(`  ${status}  ${when}`).map((line, row) => (row === 0 ? line : `   ${line}`)),
    );
  return `\nExit status:\n${lines.join('\n')}`;
}
