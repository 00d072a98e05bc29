import type { UpdateFindings } from '../../app/image/update-image.ts';
import type { Output } from '../../app/output.ts';
import type { Generator } from '../../core/image/generator.ts';
import { changesText } from '../../core/render/commands/image-text.ts';
import { escapeForConsole } from '../../core/text/escape-console.ts';
import { wrap } from '../../core/text/lines.ts';

const EXIT_OLD = 1;
const EXIT_LATER = 4;

type Because = Extract<UpdateFindings, { readonly kind: 'old' }>['because'];

/** Says what became of it, as a unit does (`isAuto`): only what is news, in one line; its status is not 0 only where it is to be run again. */
export function showUpdate(
  findings: UpdateFindings,
  isAuto: boolean,
  { rebuild }: Pick<Generator, 'rebuild'>,
  { out, err }: Output,
): number {
  const say = (text: string): void =>
    isAuto ? out(`reliable-raid: ${text}`) : out(wrap(`${text}.`).join('\n'));
  const status = (byHand: number): number => (isAuto ? 0 : byHand);
  switch (findings.kind) {
    case 'unresolved':
      if (!isAuto)
        err(`reliable-raid: ${escapeForConsole(findings.at, 80)}: ${escapeForConsole(findings.why, 300)}`);
      return status(EXIT_OLD);
    case 'no-list':
      if (!isAuto) say('No boot image with a list was built on this system');
      return status(EXIT_OLD);
    case 'current':
      if (!isAuto) say('The last boot image has the list of arrays that would be made now');
      return 0;
    case 'old':
      if (!isAuto || findings.isNews)
        say(`${oldText(findings.changes)}. ${becauseText(findings.because, rebuild)}`);
      return status(EXIT_OLD);
    case 'later':
      if (isAuto) return EXIT_LATER;
      say(`${oldText(findings.changes)}. It is built anew ${laterText(findings.because)}`);
      return EXIT_OLD;
    case 'built':
      say(
        `the image of kernel ${findings.kernel} was built anew: ${changesText(findings.changes)}. The former one is ${findings.former}, until a boot has come from the new one`,
      );
      return 0;
    case 'failed':
      say(
        `${oldText(findings.changes)}. It could not be built anew: ${escapeForConsole(findings.why, 400)}. Try: ${rebuild}`,
      );
      return status(EXIT_OLD);
  }
}

const oldText = (changes: Parameters<typeof changesText>[0]): string =>
  `the last boot image is older than the machine: ${changesText(changes)}`;

function laterText(because: Extract<UpdateFindings, { readonly kind: 'later' }>['because']): string {
  if (because === 'changed') return 'within a minute';
  return `once ${because === 'generator' ? 'the image that is being built' : 'the package manager'} is done`;
}

function becauseText(because: Because, rebuild: string): string {
  const byHand = `build it again: ${rebuild}`;
  switch (because) {
    case null:
      return 'It is built anew by the unit reliable-raid-images.service, within a minute';
    case 'no-room':
      return `/boot has no room for a new image and a copy of this one. Make room, then ${byHand}`;
    case 'no-generator':
      return 'Neither initramfs-tools nor dracut is there to build it anew';
    case 'no-image':
      return `It is not known which image boots by default. Find out, and ${byHand}`;
    case 'tried':
      return `An image was built for this change, or could not be. Look into the journal, and ${byHand}`;
    default:
      return `Whatever changed shall be there at the next boot: ${byHand}`;
  }
}
