import { UPDATE_INITRAMFS } from '../../image/generator.ts';
import type { UnlockFinding } from '../../inspect/unlocking.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { type FindingText, said } from './finding-words.ts';

/** What no image will open, and where to say how. */
export function unlockText(finding: UnlockFinding): FindingText {
  const mapping = escapeForConsole(finding.mapping, 60);
  if (finding.code === 'not-named') {
    const uuid = escapeForConsole(finding.uuid, 60);
    return said(
      `the boot stands on ${mapping}, and the kernel command line names other LUKS devices only`,
      'Unless the image itself names it, add this to the kernel command line:',
      [`rd.luks.uuid=${uuid}`],
    );
  }
  const at = escapeForConsole(finding.at, 80);
  const remedy = 'Correct it, then build the image again:';
  const commands = [UPDATE_INITRAMFS];
  return finding.code === 'not-opened'
    ? said(`the boot stands on ${mapping}, and ${at} has no line that opens it`, remedy, commands)
    : said(
        `${at} opens ${mapping} from UUID ${escapeForConsole(finding.uuid, 60)}, but it stands on a device with another`,
        remedy,
        commands,
      );
}
