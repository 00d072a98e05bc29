import type { Command } from 'commander';
import type { Machine } from '../../app/machine.ts';
import { makeReport } from '../../app/report/make-report.ts';
import { messageOf } from '../../app/why-it-failed.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { OutputFile } from '../../ports/output-file.ts';
import { REPORT } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';
import { showReport } from './show-report.ts';
import { usageError } from './usage-error.ts';

interface ReportOptions {
  readonly json: boolean;
  readonly html: boolean;
  readonly redact: boolean;
  readonly output?: string;
}

export function addReportCommand(
  program: Command,
  machine: () => Machine,
  outputFile: OutputFile,
  exit: (status: number) => void,
): void {
  register(program, REPORT).action(async ({ json, html, redact, output }: ReportOptions) => {
    if (json && html) usageError('--json and --html cannot be used together');
    const form = json ? 'json' : html ? 'html' : 'text';
    const { text, status, warnings } = showReport(await makeReport(machine()), form, redact);
    // A person reads them in the text itself.
    if (form !== 'text') for (const warning of warnings) TERMINAL.err(`reliable-raid: warning: ${warning}`);
    if (output === undefined) {
      process.stdout.write(text);
      return exit(status);
    }
    try {
      await outputFile.write(output, text);
      exit(status);
    } catch (error) {
      TERMINAL.err(
        `reliable-raid: error: ${escapeForConsole(output, 200)}: could not be written: ${escapeForConsole(messageOf(error), 200)}`,
      );
      exit(1);
    }
  });
}
