import type { AfterRootFinding, LaterArrayFinding } from '../../inspect/after-root.ts';
import { BOOT_STAGES, type BootStage, type Finding } from '../../inspect/finding.ts';
import type { Grade } from '../../inspect/grade.ts';
import type { FileLine } from '../../inspect/mount-demands.ts';
import { levelName } from '../../md/levels.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords, WIDTH, wrap } from '../../text/lines.ts';
import { arrayLabel } from '../labels.ts';

/** One finding for a person. */
export interface FindingText {
  /** A sentence without its end, of any length. */
  readonly text: string;
  /** What to do about it; null where there is nothing to say. */
  readonly remedy: string | null;
  /** Commands to type, each on a line of its own; to be broken nowhere. */
  readonly commands: readonly string[];
}

/** Words for one finding: what, which object, why, and what to type. Safe for a console. */
export function findingText(finding: Finding): FindingText {
  return afterRootText(finding);
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

/** Findings one below the other, in the order of a boot: the sentence, the remedy, the commands. At most 79 columns, commands aside. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  const inOrder = BOOT_STAGES.flatMap((stage) => findings.filter((one) => one.stage === stage));
  return inOrder.flatMap((finding) => {
    const { text, remedy, commands } = findingText(finding);
    return [
      ...indented(`${GRADE_WORDS[finding.grade]} ${finding.stage}: ${text}.`, '  '),
      ...(remedy === null ? [] : indented(remedy, '    ')),
      ...commands.map((command) => `      ${command}`),
    ];
  });
}

const indented = (text: string, by: string): readonly string[] =>
  wrap(text, WIDTH - by.length).map((line) => `${by}${line}`);

function afterRootText(finding: AfterRootFinding): FindingText {
  if ('array' in finding) return laterArrayText(finding);
  const { code, demand, inside } = finding;
  const { kind, name, source, weight, waitMs, lost } = demand;
  const shown = escapeForConsole(name, 60);
  const what = kind === 'mapping' ? `mapping ${shown}` : kind === 'swap' ? `swap ${shown}` : shown;
  const from = kind === 'swap' ? '' : `${escapeForConsole(source, 60)}, `;
  const subject = `${what} (${from}${placeWords(demand.at)})`;
  if (code === 'lost') {
    const end = weight === 'required' ? '; if it is missing, the boot ends in emergency mode' : '';
    return { text: `${subject} cannot be followed: ${lost ?? ''}${end}`, remedy: null, commands: [] };
  }
  const why = inside === null ? 'is missing' : `lies in ${escapeForConsole(inside, 60)}, which is missing`;
  const wait = waitMs === null ? null : Math.round(waitMs / 1000);
  if (weight === 'optional') return { text: `${subject} ${why}`, remedy: null, commands: [] };
  const nofail = {
    remedy: `To boot without it, add nofail to its options (${placeWords(demand.at)}):`,
    commands: nofailCommands(demand.at, kind),
  };
  if (wait === null) return { text: `${subject} ${why}; systemd waits for it for ever`, ...nofail };
  if (weight === 'awaited')
    return { text: `${subject} ${why}; systemd waits ${wait} s for it and goes on`, ...nofail };
  const after = inside === null ? ` after ${wait} s` : '';
  return { text: `${subject} ${why}, and has no nofail: emergency mode${after}`, ...nofail };
}

/** mdadm-last-resort@.timer waits 30 s for an array that is not whole. */
function laterArrayText({ code, array, missingRoles }: LaterArrayFinding): FindingText {
  const subject = `array ${arrayLabel(array)} (${levelName(array.level)})`;
  const roles = `${missingRoles.length === 1 ? 'role' : 'roles'} ${listWords(missingRoles.slice(0, 6).map(String))}`;
  const missing = missingRoles.length > 6 ? `${missingRoles.length} members` : roles;
  const text =
    code === 'degraded'
      ? `${subject} is missing ${missing}; mdadm starts it degraded, 30 s after its first member`
      : `${subject} is not started: too few members are present, or it is not safe`;
  return { text, remedy: null, commands: [] };
}

const placeWords = ({ path, line }: FileLine): string =>
  `${escapeForConsole(path, 100)}${line === null ? '' : ` line ${line}`}`;

/** Adds the option to the fourth field, or the fields that the line does not have; GNU sed. */
function nofailCommands({ path, line }: FileLine, kind: 'mount' | 'swap' | 'mapping'): readonly string[] {
  // A name that a shell or a console might take for something else is left to the person.
  if (line === null || !/^[\w./+-]+$/.test(path)) return [];
  const add = String.raw`s/^\s*(\S+\s+){3}\S+/&,nofail/`;
  const short =
    kind === 'mapping' ? String.raw`s/^\s*(\S+\s+){2}\S+/& nofail/;t;s/$/ none nofail/` : 's/$/ nofail/';
  return [`sed -Ei '${line}{${add};t;${short}}' ${path}`];
}
