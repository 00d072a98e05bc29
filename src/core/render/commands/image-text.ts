import type { ImageFinding } from '../../inspect/image.ts';
import type { ListChange } from '../../inspect/list-changes.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords, nameSome } from '../../text/lines.ts';
import { nameLabel } from '../labels.ts';
import { type FindingText, said } from './finding-words.ts';

const REBUILD = 'Build the image again:';

/** More is not read by anybody. */
const MAX_NAMED = 4;

/** What has changed since the image was built, in the order in which it was found. */
export const changesText = (changes: readonly ListChange[]): string =>
  nameSome(changes.map(changeText), MAX_NAMED).join('; ');

function changeText(change: ListChange): string {
  if (!('name' in change))
    return change.what === 'settings'
      ? 'the settings are others'
      : 'what is configured for arrays that root does not need has changed';
  const name = nameLabel(change.name, 60);
  switch (change.what) {
    case 'unlock':
      return `it opens ${name} otherwise than crypttab says`;
    case 'new':
      return `it does not know array ${name}`;
    case 'gone':
      return `array ${name} is no longer needed`;
    case 'changed':
      return `array ${name} has changed, or its settings have`;
    case 'member':
      return `array ${name} has a member that the image does not know`;
    case 'in-sync':
      return `array ${name} has other members in sync, and only the image remembers which`;
  }
}

/** What boot images lack, and how they are built again. */
export function imageText(finding: ImageFinding): FindingText {
  if (finding.code === 'no-kernel')
    return said('no kernel is in /boot, so nobody can tell what boots and with which image');
  if ('changes' in finding) {
    const subject =
      finding.code === 'old-list'
        ? 'the image would be another if it were built now'
        : 'the image is older than the machine';
    return said(`${subject}: ${changesText(finding.changes)}`, REBUILD, [finding.generator.rebuild]);
  }
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
