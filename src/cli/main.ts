import { Command, CommanderError } from 'commander';
import { nodeMachine } from '../adapters/node/machine.ts';
import { NodeNoticeWays } from '../adapters/node/notice-ways.ts';
import { nodeOutputFile } from '../adapters/node/output-file.ts';
import { endInOneLine } from '../adapters/node/standard-output.ts';
import { messageOf } from '../app/why-it-failed.ts';
import { WIDTH } from '../core/text/lines.ts';
import { ABOUT, COMMAND_GROUPS, EXIT_USAGE } from './command-table.ts';
import { addArraysCommand } from './commands/arrays.ts';
import { addConfigCommand } from './commands/config.ts';
import { addExplainCommand } from './commands/explain.ts';
import { addGateCommand } from './commands/gate.ts';
import { addImagesCommand } from './commands/images.ts';
import { addLedgerCommand } from './commands/ledger.ts';
import { addMetricsCommand } from './commands/metrics.ts';
import { addNotifyCommand } from './commands/notify.ts';
import { addReaddCommand } from './commands/readd.ts';
import { addReportCommand } from './commands/report.ts';
import { addResolveCommand } from './commands/resolve.ts';
import { addStartCommand } from './commands/start.ts';
import { addStatusCommand } from './commands/status.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { VERSION } from './version.ts';

const EXIT_FAILED = 1;

/** What people look for under another name. */
const hintOn = (word: string): string | null =>
  /^(state|show|list|info|check|test|detail)$/.test(word)
    ? '("reliable-raid status" says how the arrays are, "reliable-raid explain" what the next boot does, "reliable-raid resolve" which arrays root needs)'
    : null;

/** As wide as a console, however wide the terminal is: long lines are read badly. */
const helpWidth = (): number => Math.min(WIDTH, process.stdout.columns ?? WIDTH);

async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('reliable-raid')
    .description(ABOUT)
    .version(VERSION)
    .showHelpAfterError('(reliable-raid --help lists the commands)')
    .configureOutput({ getOutHelpWidth: helpWidth, getErrHelpWidth: helpWidth })
    .commandsGroup(`${COMMAND_GROUPS.everyday}:`)
    .helpCommand('help [command]', 'display help for command')
    // Never a command that acts for one that only looks: "start" is what is most like "status".
    .showSuggestionAfterError(false)
    .exitOverride();
  const exit = (status: number): void => {
    process.exitCode = status;
  };
  addStatusCommand(program, nodeMachine, exit);
  addReportCommand(program, nodeMachine, nodeOutputFile, exit);
  addExplainCommand(program, nodeMachine, exit);
  addVerifyCommand(program, nodeMachine, exit);
  addResolveCommand(program, nodeMachine, nodeOutputFile, exit);
  addConfigCommand(program, nodeMachine, exit);
  addStartCommand(program, nodeMachine, exit);
  addReaddCommand(program, nodeMachine, exit);
  addImagesCommand(program, nodeMachine, exit);
  addArraysCommand(program, nodeMachine, exit);
  addGateCommand(program, nodeMachine, exit);
  addLedgerCommand(program, nodeMachine, exit);
  addNotifyCommand(program, nodeMachine, () => new NodeNoticeWays(), exit);
  addMetricsCommand(program, nodeMachine, nodeOutputFile, exit);
  for (const command of program.commands) command.exitOverride().showSuggestionAfterError(true);
  const hint = hintOn(argv[2] ?? '');
  if (hint !== null) program.showHelpAfterError(hint);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.code === 'commander.invalidArgument')
        process.stderr.write(`reliable-raid: ${error.message}\n`);
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
      return;
    }
    process.stderr.write(`reliable-raid: ${messageOf(error)}\n`);
    process.exitCode = EXIT_FAILED;
  }
}

endInOneLine('reliable-raid: error: ');
void main(process.argv);
