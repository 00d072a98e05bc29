import type { NotifyFindings } from '../../app/notices/notify.ts';
import type { Output } from '../../app/output.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';

/** What was told, and what became of it. Returns the exit status: 1 where a channel did not take it. */
export function showNotify(
  { message, deliveries, warnings, againAfterMs }: NotifyFindings,
  dryRun: boolean,
  output: Output,
): number {
  for (const warning of warnings) output.err(`reliable-raid: warning: ${warning}`);
  if (message === null)
    output.out(
      againAfterMs === null ? 'Nothing is to be told.' : `Told in ${Math.ceil(againAfterMs / 1000)} s.`,
    );
  else if (dryRun) output.out(`Subject: ${message.subject}\n\n${message.body.trimEnd()}`);
  else output.out(message.subject);
  for (const { channel, why } of deliveries)
    output.out(`  ${channel}: ${why === null ? 'sent' : `failed: ${escapeForConsole(why, 200)}`}`);
  if (message !== null && !dryRun && deliveries.length === 0)
    output.err('reliable-raid: warning: no channel is configured; see notify.toml in reliable-raid(8)');
  return deliveries.some(({ why }) => why !== null) ? 1 : 0;
}
