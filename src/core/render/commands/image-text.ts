import type { ImageFinding } from '../../inspect/image.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords } from '../../text/lines.ts';
import { type FindingText, said } from './finding-words.ts';

const REBUILD = 'Build the image again:';

/** What boot images lack, and how they are built again. */
export function imageText(finding: ImageFinding): FindingText {
  if (finding.code === 'no-kernel')
    return said('no kernel is in /boot, so nobody can tell what boots and with which image');
  if (finding.code === 'old-list')
    return said('the image has another list of arrays than would be made now', REBUILD, [
      finding.generator.rebuild,
    ]);
  const kernel = escapeForConsole(finding.kernel, 60);
  const subject = `${finding.isDefault ? '' : 'only when it is chosen: '}kernel ${kernel}`;
  const { generator } = finding;
  const isPlain = /^[\w.+~-]+$/.test(finding.kernel);
  const rebuild = isPlain ? [generator.rebuildFor(finding.kernel)] : [];
  switch (finding.code) {
    case 'no-image':
      return said(`${subject} has no image`, REBUILD, isPlain ? [generator.createFor(finding.kernel)] : []);
    case 'unread':
      return said(
        `the image of ${subject} cannot be listed (${generator.lister.program}), so nobody can tell what it does`,
      );
    case 'no-engine':
      return said(
        `the image of ${subject} is without reliable-raid: nobody can tell what it does when a disk is missing`,
        REBUILD,
        rebuild,
      );
    case 'no-mdadm':
      return said(`the image of ${subject} is without mdadm`, REBUILD, rebuild);
    case 'no-module':
      return said(
        `the image of ${subject} is without ${finding.modules.length === 1 ? 'module' : 'modules'} ${listWords(finding.modules)}`,
        REBUILD,
        rebuild,
      );
  }
}
