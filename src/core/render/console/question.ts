import type { ShellDenial } from '../../configuration/shell-denial.ts';
import { levelName } from '../../md/levels.ts';
import type { PresentMember } from '../../snapshot/snapshot.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { fit, wrap } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import type { Presence, UnfitMember } from '../../verdict/presence.ts';
import type { Choice, Question } from '../../verdict/question.ts';
import type { UnsafeReason } from '../../verdict/verdict.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel, diskLabel } from '../labels.ts';
import { memberLines } from './members.ts';
import { reasonWords } from './reason.ts';

/** Members named for one choice; the rest are counted. */
const MAX_MEMBERS = 6;

/** The question of an array: why it is not started, what is known of each copy, and what follows from each choice. */
export function renderQuestion(
  array: WatchedArray,
  { reason, choices }: Question,
  presence: Presence,
): string {
  const lines = [
    `QUESTION: array ${arrayLabel(array)} (${levelName(presence.level)}) will not be started automatically: ${reasonWords(reason)}.`,
  ].flatMap(wrap);
  // Copies that diverged lack each other: the choices below show what each is missing.
  if (reason.code !== 'split-brain' && reason.code !== 'duplicate-members')
    lines.push(...memberLines('waiting for', { ...presence, unfit: notOffered(presence.unfit, choices) }));
  for (const [index, choice] of choices.entries()) lines.push(...choiceLines(index + 1, array, choice));
  const after = consequence(reason.code);
  if (after !== '') lines.push(...wrap(after));
  return lines.join('\n');
}

/** What the keys do, under the question on a console. */
export function renderQuestionKeys(count: number, shellDenied: ShellDenial | null): string {
  const digits = count === 1 ? '[1] start it' : `[1]-[${count}] start that copy`;
  return `  ${digits} (asks for confirmation)     ${shellDenied === null ? '[Return] rescue shell' : 'no rescue shell'}`;
}

/** The last question before a choice is carried out. */
export const renderConfirm = (number: number, array: WatchedArray, choice: Choice): string =>
  fit(`  ${number}: start array ${arrayLabel(array)} from ${devicesOf(choice.members)}? [y] yes  [n] no`);

export const renderChosen = (number: number, array: WatchedArray, choice: Choice): string =>
  fit(
    `reliable-raid: array ${arrayLabel(array)} is started from ${devicesOf(choice.members)}, as chosen (${number}).`,
  );

/** What some choice would start is shown there. */
const notOffered = (unfit: readonly UnfitMember[], choices: readonly Choice[]): readonly UnfitMember[] =>
  unfit.filter(
    ({ device }) => !choices.some(({ members }) => members.some((member) => member.device === device)),
  );

function choiceLines(number: number, array: WatchedArray, choice: Choice): string[] {
  const { members, events, updateTimeMs, missingRoles, slotCount, leavesOut } = choice;
  const degraded =
    missingRoles.length === 0 ? 'complete' : `degraded (${slotCount - missingRoles.length} of ${slotCount})`;
  const lines = [
    `  ${number}  data written ${utcDate(updateTimeMs)}, ${events} events; it starts ${degraded}`,
    ...members.slice(0, MAX_MEMBERS).map((member) => `     ${memberLabel(array, member)}`),
  ];
  if (members.length > MAX_MEMBERS) lines.push(`     and ${members.length - MAX_MEMBERS} more`);
  if (leavesOut.length > 0) lines.push(`     leaves out, untouched: ${devicesOf(leavesOut)}`);
  return lines.map(fit);
}

function memberLabel(array: WatchedArray, { device, superblock }: PresentMember): string {
  const known = array.members.find(({ deviceUuid }) => deviceUuid === superblock.deviceUuid);
  const disk = known === undefined ? 'a disk that is not known here' : diskLabel(known.disk);
  return `role ${superblock.role}  ${escapeForConsole(device, 16)}  ${disk}`;
}

const devicesOf = (members: readonly PresentMember[]): string => {
  const names = members.slice(0, MAX_MEMBERS).map(({ device }) => escapeForConsole(device, 16));
  return members.length > MAX_MEMBERS
    ? `${names.join(', ')} and ${members.length - MAX_MEMBERS} more`
    : names.join(', ');
};

/** What follows from starting it, in one paragraph; empty where there is nothing to say. */
function consequence(code: UnsafeReason['code']): string {
  switch (code) {
    case 'split-brain':
      return '  You get the data of the copy you choose. Any other copy stays unchanged on its disks until you rebuild them.';
    case 'stale':
      return '  You get the system as of that date. Newer data is on a disk that is missing; once this copy has been written to, the two can never be joined again.';
    case 'duplicate-members':
      return '  One is a copy of the other, or both are the same disk. The one you do not choose stays unchanged.';
    case 'dirty-degraded':
      return '  Blocks that were being written when the machine went down may hold wrong data, also in files that were not open. If the missing disk can be attached, attach it instead.';
    case 'journal-missing':
      return '  It comes up read-only without its journal, so this boot may not complete; data that only the journal holds is lost. If the journal can be attached, attach it instead.';
    case 'reshape':
      return '  Started like this, the reshape goes on without its backup file: nothing is lost unless the machine crashes before it ends. With the file, use: mdadm --assemble --backup-file=FILE';
    default:
      return '';
  }
}
