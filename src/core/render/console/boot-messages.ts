import { type Countdown, type NoticedArray, secondsLeft } from '../../engine/messages.ts';
import { levelName } from '../../md/levels.ts';
import type { StartFailure } from '../../report/timeline.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { fit, nameSome, wrap } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import { describeMissing, missingRoles } from '../../verdict/describe-missing.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel, diskLabel } from '../labels.ts';
import { reasonWords } from './reason.ts';

/** Arrays described one by one in a notice; the rest are counted. */
const MAX_DESCRIBED = 4;

/** Missing members named for one array; the rest are counted. */
const MAX_MEMBERS = 8;

/** The notice: what is waited for, what will happen, how to change it. */
export function renderNotice(
  arrays: readonly NoticedArray[],
  canStart: boolean,
  shellDenied: string | null,
): string {
  const hidden = arrays.length - MAX_DESCRIBED;
  return [
    ...arrays.slice(0, MAX_DESCRIBED).map(renderNoticed),
    ...(hidden > 0 ? [`  ... and ${hidden} more arrays.`] : []),
    renderKeys(canStart, shellDenied),
  ].join('\n');
}

function renderNoticed({ array, verdict, policy, waitedMs, leftMs, writtenMs }: NoticedArray): string {
  const missing = missingRoles(array, verdict).length;
  const present = array.raidDevices - missing;
  const lines = [
    `NOTICE: array ${arrayLabel(array)} (${present} of ${array.raidDevices} members) ${missing === 0 ? 'is not running' : 'is not complete'} after ${seconds(waitedMs)} s.`,
    ...missingLines('waiting for', array, verdict),
    ...(writtenMs === null ? [] : [`  last written ${utcDate(writtenMs)}`]),
    `  ${intention(array, verdict, leftMs, policy)}`,
  ];
  return lines.flatMap(wrap).join('\n');
}

function intention(
  array: WatchedArray,
  verdict: Verdict,
  leftMs: number,
  policy: WatchedArray['degraded'],
): string {
  const left = seconds(leftMs);
  switch (verdict.kind) {
    case 'startable':
      if (policy === 'start')
        return `It will be started degraded in ${left} s. Lower the wait with reliable_raid.wait=`;
      return policy === 'ask'
        ? 'It starts degraded only when you say so (degraded = "ask").'
        : 'It will not be started degraded (degraded = "never"). To start it: reliable-raid start';
    case 'unsafe':
      return `It will not be started automatically: ${reasonWords(verdict.reason)}.`;
    case 'complete':
      return 'All members are present; it is being started.';
    default:
      return tooFew(array, verdict);
  }
}

const tooFew = (array: WatchedArray, verdict: Verdict): string =>
  verdict.kind === 'absent'
    ? 'None of its members is present yet.'
    : `Too few of its ${array.raidDevices} members are present to start it.`;

/** Said once, when an array's wait is over and it cannot be started. */
export function renderNotStartable(
  array: WatchedArray,
  verdict: Verdict,
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
    const present = array.raidDevices - missingRoles(array, verdict).length;
    lines.push(
      `reliable-raid: array ${label} cannot be started: ${present} of ${array.raidDevices} members ${present === 1 ? 'is' : 'are'} present, too few for ${levelName(array.level)}.`,
    );
  }
  lines.push(...missingLines('missing', array, verdict));
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

/** One line for each missing member: its role, and the disk as a person knows it. */
export function missingLines(lead: string, array: WatchedArray, verdict: Verdict): string[] {
  const missing = describeMissing(array, verdict);
  const lines = missing.slice(0, MAX_MEMBERS).map(({ role, disk }) => {
    const place = typeof role === 'number' ? `role ${role}` : role;
    return fit(
      `  ${lead}  ${place}  ${disk === null ? 'a disk not known when the image was built' : diskLabel(disk)}`,
    );
  });
  if (missing.length > MAX_MEMBERS) lines.push(`  ${lead}  ${missing.length - MAX_MEMBERS} more`);
  return lines;
}

/** An array that was waited for runs, and not by our hand: its last member came, or somebody started it in a shell. */
export function renderUp(array: WatchedArray, missing: number): string {
  const label = arrayLabel(array);
  return missing === 0
    ? `reliable-raid: array ${label} is complete.`
    : `reliable-raid: array ${label} was started degraded from a shell (${missing} missing).`;
}

/** What the keys do; under the notice. */
function renderKeys(canStart: boolean, shellDenied: string | null): string {
  const parts: string[] = [];
  if (canStart) parts.push('[Esc] or [d] start degraded now');
  parts.push(shellDenied === null ? '[Return] rescue shell' : 'no rescue shell');
  return `  ${parts.join('     ')}`;
}

/** The age of what is started is said in any case: nothing but the ledger can tell whether it is the newest. */
export function renderStarting(
  array: WatchedArray,
  verdict: Verdict,
  wasNoticed: boolean,
  writtenMs: number | null,
): string {
  const age = writtenMs === null ? '' : `, last written ${utcDate(writtenMs)}`;
  return [
    fit(`reliable-raid: starting array ${arrayLabel(array)} degraded${age}.`),
    ...(wasNoticed ? [] : missingLines('missing', array, verdict)),
  ].join('\n');
}

/** The line redrawn each second. */
export function renderCountdown(countdown: Countdown): string {
  const left = String(secondsLeft(countdown)).padStart(3);
  const { length } = countdown.arrays;
  const names = length <= 2 ? countdown.arrays.map(arrayLabel).join(' and ') : `${length} arrays`;
  switch (countdown.what) {
    case 'start':
      return fit(`  ${left} s until ${names} ${length === 1 ? 'is' : 'are'} started degraded `);
    case 'wait':
      return fit(`  ${left} s left to wait for ${names} `);
    case 'give-up':
      return fit(`  ${left} s until the boot gives up on ${names} `);
  }
}

/** Why arrays outside the list are looked after. */
export function renderUnlisted(arrays: readonly WatchedArray[], isOutdated: boolean): string {
  const names = `array ${nameSome(arrays.map(arrayLabel), MAX_DESCRIBED).join(', ')}`;
  const text = isOutdated
    ? `reliable-raid: what the boot waits for is not there, although no listed array is left to start: the list in this image is older than the machine. Not listed, and looked after now: ${names}.`
    : `reliable-raid: not everything that root needs could be listed. Not listed, and looked after now: ${names}.`;
  return wrap(text).join('\n');
}

/** Listed arrays that are gone. */
export const renderNotNeeded = (arrays: readonly WatchedArray[]): string =>
  wrap(
    `reliable-raid: array ${nameSome(arrays.map(arrayLabel), MAX_DESCRIBED).join(', ')} is not there, and the boot does not need it: the list in this image is older than the machine. To renew it: update-initramfs -u`,
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
