import type { Command } from 'commander';
import { explainList, LOOK } from '../../app/inspect/explain.ts';
import { readStatus } from '../../app/inspect/status.ts';
import { unexplainedLines } from '../../app/inspect/unexplained.ts';
import type { Machine } from '../../app/machine.ts';
import { resolve } from '../../app/watchlist/resolve.ts';
import { messageOf } from '../../app/why-it-failed.ts';
import { renderMetrics } from '../../core/render/metrics/textfile.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import type { OutputFile } from '../../ports/output-file.ts';
import { METRICS } from '../command-table.ts';
import { TERMINAL } from '../terminal-output.ts';
import { register } from './register.ts';

interface MetricsOptions {
  readonly output?: string;
  readonly nextBoot: boolean;
}

export function addMetricsCommand(
  program: Command,
  machine: () => Machine,
  outputFile: OutputFile,
  exit: (status: number) => void,
): void {
  register(program, METRICS).action(async ({ output, nextBoot }: MetricsOptions) => {
    const host = machine();
    const listNow = await resolve(host, LOOK);
    const status = await readStatus(host, listNow);
    const found = nextBoot ? (await explainList(host, { without: [], each: true }, listNow)).result : null;
    const isUnknown = found !== null && found.kind !== 'explained';
    if (isUnknown) for (const line of unexplainedLines(found)) TERMINAL.err(`reliable-raid: ${line}`);
    const text = renderMetrics(status, found?.kind === 'explained' ? found.explanation : null);
    // What is known is written all the same.
    exit(isUnknown ? 1 : 0);
    if (output === undefined) process.stdout.write(text);
    else
      await outputFile.write(output, text).catch((error: unknown) => {
        const why = escapeForConsole(messageOf(error), 200);
        TERMINAL.err(`reliable-raid: error: ${escapeForConsole(output, 200)}: could not be written: ${why}`);
        exit(1);
      });
  });
}
