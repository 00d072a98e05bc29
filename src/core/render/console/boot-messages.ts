import { denialSource, type ShellDenial } from '../../configuration/shell-denial.ts';
import {
  type CameMember,
  type Countdown,
  type NoticedArray,
  secondsLeft,
  type UnlistedCause,
} from '../../engine/messages.ts';
import { levelName } from '../../md/levels.ts';
import type { StartFailure } from '../../report/timeline.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { fit, nameSome, wrap } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import type { Presence } from '../../verdict/presence.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel } from '../labels.ts';
import { cameWords, memberLines, unfitAdvice } from './members.ts';
import { reasonWords } from './reason.ts';

/** Arrays described one by one in a notice; the rest are counted. */
const MAX_DESCRIBED = 4;

/** The notice: what is waited for, what will happen, how to change it. */
export function renderNotice(
  arrays: readonly NoticedArray[],
  canStart: boolean,
  shellDenied: ShellDenial | null,
  hasEscape = true,
): string {
  const hidden = arrays.length - MAX_DESCRIBED;
  return [
    ...arrays.slice(0, MAX_DESCRIBED).map(renderNoticed),
    ...(hidden > 0 ? [`  ... and ${hidden} more arrays.`] : []),
    renderKeys(canStart, shellDenied, hasEscape),
  ].join('\n');
}

function renderNoticed(noticed: NoticedArray): string {
  const { array, verdict, presence, waitedMs, writtenMs } = noticed;
  const { filledCount, slotCount } = presence;
  const what = filledCount === slotCount ? 'is not running' : 'is not complete';
  const lines = [
    `NOTICE: array ${arrayLabel(array)} (${filledCount} of ${slotCount} members) ${what} after ${seconds(waitedMs)} s.`,
    ...memberLines('waiting for', presence),
    ...(writtenMs === null ? [] : [`  The data that is present was last written ${utcDate(writtenMs)}.`]),
    `  ${intention(noticed)}`,
    ...unfitAdvice(presence, verdict),
  ];
  return lines.flatMap(wrap).join('\n');
}

function intention({ verdict, presence, leftMs, policy }: NoticedArray): string {
  // As the countdown below it counts.
  const left = Math.max(0, Math.ceil(leftMs / 1000));
  switch (verdict.kind) {
    case 'startable':
      if (policy === 'start')
        return `It will be started degraded in ${left} s. To wait less at every boot, add reliable_raid.wait=SECONDS to the kernel command line.`;
      return policy === 'ask'
        ? 'It starts degraded only when you say so (degraded = "ask").'
        : 'It will not be started degraded (degraded = "never"). To start it: reliable-raid start';
    case 'unsafe':
      return `It will not be started automatically: ${reasonWords(verdict.reason)}.`;
    case 'complete':
      return 'All members are present; it is being started.';
    default:
      return tooFew(presence, verdict);
  }
}

const tooFew = ({ slotCount }: Presence, verdict: Verdict): string =>
  verdict.kind === 'absent'
    ? 'None of its members is present yet.'
    : `Too few of its ${slotCount} members are present to start it.`;

/** Said once, when an array's wait is over and it cannot be started. */
export function renderNotStartable(
  array: WatchedArray,
  verdict: Verdict,
  presence: Presence,
  failure: StartFailure | null,
): string {
  const lines: string[] = [];
  const label = arrayLabel(array);
  if (failure !== null)
    lines.push(`reliable-raid: array ${label} could not be started: ${failureWords(failure)}`);
  else if (verdict.kind === 'unsafe') {
    lines.push(
      `reliable-raid: array ${label} will not be started automatically: ${reasonWords(verdict.reason)}.`,
    );
  } else if (verdict.kind === 'startable') {
    lines.push(`reliable-raid: array ${label} will not be started degraded automatically, as configured.`);
  } else {
    const { filledCount, slotCount, level, unfit } = presence;
    const count = `${filledCount} of ${slotCount} members ${filledCount === 1 ? 'is' : 'are'} present`;
    const fit = unfit.length === 0 ? '' : ' and fit';
    lines.push(
      `reliable-raid: array ${label} cannot be started: ${count}${fit}, too few for ${levelName(level)}.`,
    );
  }
  lines.push(...memberLines('missing', presence));
  if (failure === null) lines.push(...unfitAdvice(presence, verdict));
  return lines.flatMap(wrap).join('\n');
}

/** What the command said; else what did not happen. Safe for a console. */
export function failureWords({ reason, device, detail, attempts }: StartFailure): string {
  if (detail !== '') return escapeForConsole(detail, 200);
  switch (reason) {
    case 'no-device':
      return 'no md device holds its members';
    case 'no-member-left':
      return 'no member of it is left';
    case 'not-bound':
      return 'no md device appeared for its members';
    case 'not-stopped':
      return `${escapeForConsole(device ?? '', 32)} could not be stopped`;
    case 'not-run':
      return 'mdadm --run did not start it';
    case 'not-read-auto':
      return 'md did not accept read-auto';
    case 'too-often':
      return `it failed ${attempts} times`;
  }
}

/** An array that was waited for runs, and not by our hand: its last member came, or somebody started it in a shell. */
export function renderUp(array: WatchedArray, missing: number, came: readonly CameMember[]): string {
  const label = arrayLabel(array);
  if (missing > 0)
    return `reliable-raid: array ${label} was started degraded from a shell (${missing} missing).`;
  const who = cameWords(came);
  return wrap(`reliable-raid: array ${label} is complete${who === '' ? '' : `: ${who} came`}.`).join('\n');
}

/** After a degraded start: what a person does about it, and where that is described. */
export function renderRunsDegraded(arrays: readonly WatchedArray[]): string {
  const what = arrays.length === 1 ? 'its missing disk' : 'their disks';
  return `  Next: attach or replace ${what}; see readd in "man reliable-raid".`;
}

/** What the keys do; under the notice. */
function renderKeys(canStart: boolean, shellDenied: ShellDenial | null, hasEscape: boolean): string {
  const parts: string[] = [];
  if (canStart) parts.push(`${hasEscape ? '[Esc] or [d]' : '[d]'} start degraded now`);
  parts.push(shellDenied === null ? '[Return] rescue shell' : 'no rescue shell');
  return `  ${parts.join('     ')}`;
}

/** Why Return opens none, as part of a sentence. Safe for a console. */
export function shellDenialWords(denial: ShellDenial): string {
  const source = escapeForConsole(denialSource(denial), 40);
  switch (denial.by) {
    case 'configuration':
      return `${source} is configured`;
    case 'kernel-argument':
      return `${source} is on the kernel command line`;
    case 'shell':
      return 'this is one';
    case 'locked-root':
      return `${source} is locked in this image`;
    case 'systemd':
      return `${source} opens one when a mount has failed`;
  }
}

/** The age of what is started is said in any case: nothing but the ledger can tell whether it is the newest. */
export function renderStarting(
  array: WatchedArray,
  presence: Presence,
  wasNoticed: boolean,
  writtenMs: number | null,
): string {
  const age = writtenMs === null ? '' : `, data written ${utcDate(writtenMs)}`;
  return [
    ...wrap(`reliable-raid: starting array ${arrayLabel(array)} degraded${age}.`),
    ...(wasNoticed ? [] : memberLines('missing', presence)),
  ].join('\n');
}

/** What is counted down: a line that stays. */
export function renderCountdown(countdown: Countdown): string {
  const { length } = countdown.arrays;
  const names = length <= 2 ? countdown.arrays.map(arrayLabel).join(' and ') : `${length} arrays`;
  switch (countdown.what) {
    case 'start':
      return fit(`  Seconds until ${names} ${length === 1 ? 'is' : 'are'} started degraded:`);
    case 'wait':
      return fit(`  Seconds left to wait for ${names}:`);
    case 'give-up':
      return fit(`  Seconds until the boot gives up on ${names}:`);
  }
}

/**
 * Below it, what is redrawn in place each second: short enough to vanish under whatever the kernel prints over it, whose lines
 * begin with a time stamp of 15 columns.
 */
export const renderSecondsLeft = (countdown: Countdown): string =>
  `  ${String(secondsLeft(countdown)).padStart(4)} s`;

/** Why arrays outside the list are looked after. */
export function renderUnlisted(arrays: readonly WatchedArray[], because: UnlistedCause): string {
  const names = `array ${nameSome(arrays.map(arrayLabel), MAX_DESCRIBED).join(', ')}`;
  return wrap(`reliable-raid: ${UNLISTED_WORDS[because]} Not listed, and looked after now: ${names}.`).join(
    '\n',
  );
}

const UNLISTED_WORDS: Readonly<Record<UnlistedCause, string>> = {
  outdated:
    'what the boot waits for is not there, although no listed array is left to start: the list in this image is older than the machine.',
  'too-few':
    'too few members of a listed array are there to start it. One may be on an array that is not listed.',
  'not-followed': 'not everything that root needs could be listed.',
};

/** Listed arrays that are gone. */
export const renderNotNeeded = (arrays: readonly WatchedArray[], rebuild: string): string =>
  wrap(
    `reliable-raid: array ${nameSome(arrays.map(arrayLabel), MAX_DESCRIBED).join(', ')} is not there, and the boot does not need it: the list in this image is older than the machine. To renew it: ${rebuild}`,
  ).join('\n');

/** The last words before the generator's own failure path. */
export function renderHandover(arrays: readonly WatchedArray[], reportPath: string): string {
  const names = arrays.slice(0, MAX_DESCRIBED).map(arrayLabel).join(', ');
  const more = arrays.length > MAX_DESCRIBED ? ` and ${arrays.length - MAX_DESCRIBED} more` : '';
  return [
    `reliable-raid: gave up waiting for array ${names}${more}.`,
    `  In a rescue shell, "reliable-raid start" shows why and starts what it can.`,
    `  Report: ${reportPath}`,
  ]
    .flatMap(wrap)
    .join('\n');
}

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));
