import type { LateMemberFinding } from '../../inspect/late-members.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { utcDate } from '../../text/utc-date.ts';
import { arrayLabel } from '../labels.ts';
import { type FindingText, said } from './finding-words.ts';

/** How late a disk came, and the wait that would be long enough. */
export function lateMemberText(finding: LateMemberFinding): FindingText {
  const { array, device, cameAfterMs, bootedAtMs, enoughS } = finding;
  const when = bootedAtMs === null ? 'in a former boot' : `in the boot of ${utcDate(bootedAtMs)}`;
  const came = `${escapeForConsole(device, 32)} came ${Math.round(cameAfterMs / 1000)} s after the search for devices began`;
  return said(
    `array ${arrayLabel(array)} is waited for ${array.waitMs / 1000} s, and ${came} ${when}`,
    `To wait for it, set wait = ${enoughS} in /etc/reliable-raid/config.toml, and build the image again.`,
  );
}
