import { escapeForConsole } from '../../core/text/escape-console.ts';
import { ABOUT, type CommandSpec, ENGINE_COMMANDS, EXIT_USAGE } from '../command-table.ts';

const LABEL_WIDTH = 24;

/** The help of the boot engine: 79 columns. */
export const usage = (): string =>
  `Usage: reliable-raid COMMAND\n\n${ABOUT}\n(the boot engine; the full program is on the installed system)\n\n${ENGINE_COMMANDS.map(usageOf).join('')}  --version, --help`;

function usageOf({ name, summary, argument, options }: CommandSpec): string {
  const rows = options.map(({ flag, value, meaning, preset, use }) => {
    const label = value === undefined ? `--${flag}` : `--${flag} ${value}`;
    const unlessGiven = preset === undefined ? '' : ` (${preset})`;
    return [use === 'required' ? label : `[${label}]`, meaning + unlessGiven] as const;
  });
  if (argument !== undefined)
    rows.unshift([argument.count === 'any' ? `[${argument.name}...]` : argument.name, argument.meaning]);
  if (rows.length === 0) return `  ${name.padEnd(LABEL_WIDTH - 2)} ${summary}\n`;
  const lines = rows.map(
    ([label, meaning], row) =>
      `  ${`${row === 0 ? name : ' '} ${label}`.padEnd(LABEL_WIDTH - 2)} ${meaning}\n`,
  );
  return `${lines.join('')}    ${summary}\n`;
}

export function misused(what: string, output: { readonly err: (text: string) => void }): number {
  output.err(`reliable-raid: ${escapeForConsole(what, 200)}`);
  output.err('(reliable-raid --help lists the commands)');
  return EXIT_USAGE;
}
