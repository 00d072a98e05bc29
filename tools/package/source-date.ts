/** The one date in all that a release says: that of its source, so that who builds it again gets the same bytes. */
import { execa } from 'execa';
import { ROOT, ToolError } from '../project.ts';

/** Seconds since 1970: those of SOURCE_DATE_EPOCH, as builders of packages set it, or of the last commit. */
export async function sourceDate(): Promise<number> {
  const given = process.env['SOURCE_DATE_EPOCH'];
  if (given !== undefined) {
    if (/^\d{1,10}$/.test(given)) return Number(given);
    throw new ToolError(
      `SOURCE_DATE_EPOCH is "${given}", and is to be seconds since 1970`,
      'SOURCE_DATE_EPOCH=$(date +%s)',
    );
  }
  const run = await execa('git', ['log', '-1', '--format=%ct'], {
    cwd: ROOT,
    stdin: 'ignore',
    reject: false,
  });
  if (!run.failed && /^\d+$/.test(run.stdout)) return Number(run.stdout);
  throw new ToolError(
    `git does not know when the last commit was made: ${run.stderr?.trim() || run.message}`,
    'name the date of the source: SOURCE_DATE_EPOCH=SECONDS-SINCE-1970 and the same command',
  );
}
