import type { Output } from '../../app/output.ts';
import type { StartFindings, StartPlan } from '../../app/start/start.ts';
import { arrayLabel } from '../../core/render/labels.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { wrap } from '../../core/text/lines.ts';

/** What became of `start`, as both programs say it. Returns the exit status: 0 when all that was asked for runs. */
export function showStart(findings: StartFindings, { out, err }: Output): number {
  switch (findings.kind) {
    case 'no-watchlist':
      err(`reliable-raid: ${escapeForConsole(findings.at, 80)}: ${escapeForConsole(findings.why, 200)}`);
      return 1;
    case 'not-listed':
      err(
        `reliable-raid: no listed array is called ${escapeForConsole(findings.array)}; "reliable-raid start --dry-run" lists them`,
      );
      return 1;
    case 'denied':
      for (const { device, why } of findings.members)
        err(`reliable-raid: /dev/${escapeForConsole(device)}: ${why}`);
      return 1;
    case 'dry-run':
      for (const plan of findings.plans) out(planLine(plan));
      return 0;
    case 'started':
      out(endText(findings));
      return findings.down.length === 0 ? 0 : 1;
  }
}

const planLine = ({ command, thenRun }: StartPlan): string =>
  `would run: ${command ?? 'nothing, no md device holds its members'}${thenRun ? ' then: mdadm --run on the device that appears' : ''}`;

function endText({ down, bootWaits }: Extract<StartFindings, { readonly kind: 'started' }>): string {
  if (down.length === 0)
    return `All listed arrays run.${bootWaits ? ' In the rescue shell, type exit to go on with the boot.' : ''}`;
  const names = down.map(arrayLabel).join(', ');
  const goOn = bootWaits ? '; "exit" goes on with the boot' : '';
  return wrap(`Not started: ${names}. Attach the missing disks and run it again${goOn}.`).join('\n');
}
