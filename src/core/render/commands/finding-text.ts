import { BOOT_STAGES, type BootStage, type Finding } from '../../inspect/finding.ts';
import type { Grade } from '../../inspect/grade.ts';
import { WIDTH, wrapTo } from '../../text/lines.ts';
import { afterRootText } from './after-root-text.ts';
import type { FindingText } from './finding-words.ts';
import { firmwareText } from './firmware-text.ts';
import { imageText } from './image-text.ts';
import { kernelText } from './kernel-text.ts';
import { lateMemberText } from './late-member-text.ts';
import { loaderText } from './loader-text.ts';
import { unlockText } from './unlock-text.ts';

/** Words for one finding: what, which object, why, and what to type. Safe for a console. */
export function findingText(finding: Finding): FindingText {
  switch (finding.stage) {
    case 'firmware':
      return firmwareText(finding);
    case 'loader':
      return loaderText(finding);
    case 'image':
      return 'mapping' in finding ? unlockText(finding) : imageText(finding);
    case 'kernel':
      return kernelText(finding);
    case 'arrays':
      return lateMemberText(finding);
    case 'after-root':
      return afterRootText(finding);
  }
}

/** Where a boot ends, after "the boot stops". */
export const stageWords = (stage: BootStage): string => STAGE_WORDS[stage];

const STAGE_WORDS: Readonly<Record<BootStage, string>> = {
  firmware: 'before the boot loader',
  loader: 'in the boot loader',
  image: 'in the boot image',
  kernel: 'in the kernel',
  arrays: 'before root is mounted',
  'after-root': 'after root is mounted, in emergency mode',
};

/** What the lines of findings begin with. */
const GRADE_WORDS: Readonly<Record<Grade, string>> = { stop: 'STOP', unknown: 'UNKNOWN', note: 'note' };

/** Further than any sentence goes in, so that no line of one is taken for a command. */
const COMMAND_INDENT = ' '.repeat(8);

/** Findings one below the other, in the order of a boot: the sentence, the remedy, the commands. At most 79 columns, commands aside. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  const inOrder = BOOT_STAGES.flatMap((stage) => findings.filter((one) => one.stage === stage));
  return inOrder.flatMap((finding) => {
    const { text, remedy, commands } = findingText(finding);
    return [
      ...indented(`${GRADE_WORDS[finding.grade]} ${finding.stage}: ${text}.`, '  '),
      ...(remedy === null ? [] : indented(remedy, '    ')),
      ...commands.map((command) => `${COMMAND_INDENT}${command}`),
    ];
  });
}

const indented = (text: string, by: string): readonly string[] =>
  wrapTo(WIDTH - by.length, text).map((line) => `${by}${line}`);
