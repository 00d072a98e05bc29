import { levelName } from '../../md/levels.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { fit, wrap } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import { describeMissing, missingRoles } from '../../verdict/describe-missing.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel, diskLabel } from '../labels.ts';

/** Arrays described one by one in a notice; the rest are counted. */
export const MAX_DESCRIBED = 4;

/** Missing members named for one array; the rest are counted. */
const MAX_MEMBERS = 8;

/** The notice: what is waited for, what will happen, how to change it. */
export function renderNotice(
  array: WatchedArray,
  verdict: Verdict,
  waitedMs: number,
  leftMs: number,
  policy: WatchedArray['degraded'],
  writtenMs: number | null,
): string {
  const missing = missingRoles(array, verdict).length;
  const present = array.raidDevices - missing;
  const lines = [
    `NOTICE: array ${arrayLabel(array)} (${present} of ${array.raidDevices} members) ${missing === 0 ? 'does not run' : 'is not complete'} after ${seconds(waitedMs)} s.`,
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
        ? 'It is started degraded only when you say so (degraded = "ask").'
        : 'It is not started degraded here (degraded = "never"): reliable-raid start';
    case 'unsafe':
      return `It will not be started by itself: ${verdict.reason.text}.`;
    case 'complete':
      return 'All members are there; it is being started.';
    default:
      return `${needed(array, verdict)} before it can be started.`;
  }
}

const needed = (array: WatchedArray, verdict: Verdict): string =>
  verdict.kind === 'absent'
    ? 'No member is there: some must come'
    : `More of its ${array.raidDevices} members must come`;

/** Said once, when an array's wait is over and it cannot be started. */
export function renderNotStartable(array: WatchedArray, verdict: Verdict, why: string | null): string {
  const lines: string[] = [];
  const label = arrayLabel(array);
  if (why !== null)
    lines.push(`reliable-raid: array ${label} could not be started: ${escapeForConsole(why, 200)}`);
  else if (verdict.kind === 'unsafe') {
    lines.push(`reliable-raid: array ${label} is not started by itself: ${verdict.reason.text}.`);
  } else if (verdict.kind === 'startable') {
    lines.push(`reliable-raid: array ${label} is not started degraded by itself, as configured.`);
  } else {
    const present = array.raidDevices - missingRoles(array, verdict).length;
    lines.push(
      `reliable-raid: array ${label} cannot be started: ${present} of ${array.raidDevices} members ${present === 1 ? 'is' : 'are'} there, too few for ${levelName(array.level)}.`,
    );
  }
  lines.push(...missingLines('missing', array, verdict));
  return lines.flatMap(wrap).join('\n');
}

/** One line a member that is not there, by role and by the disk as a person knows it. */
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
export function renderKeys(canStart: boolean, shellDenied: string | null): string {
  const parts: string[] = [];
  if (canStart) parts.push('[Esc] or [d] start degraded now');
  parts.push(shellDenied === null ? '[Return] rescue shell' : 'no rescue shell');
  return `  ${parts.join('     ')}`;
}

/** The age of what is started is said in any case: nothing but the ledger can tell whether it is the newest. */
export function renderStarting(array: WatchedArray, writtenMs: number | null): string {
  const age = writtenMs === null ? '' : `, last written ${utcDate(writtenMs)}`;
  return fit(`reliable-raid: starting array ${arrayLabel(array)} degraded${age}.`);
}

/** The line redrawn each second. */
export function renderCountdown(
  what: 'start' | 'wait' | 'give-up',
  leftMs: number,
  labels: readonly string[],
): string {
  const left = String(Math.max(0, Math.ceil(leftMs / 1000))).padStart(3);
  const names = labels.length <= 2 ? labels.join(' and ') : `${labels.length} arrays`;
  switch (what) {
    case 'start':
      return fit(`  ${left} s until ${names} ${labels.length === 1 ? 'is' : 'are'} started degraded `);
    case 'wait':
      return fit(`  ${left} s left to wait for ${names} `);
    case 'give-up':
      return fit(`  ${left} s until the boot gives up on ${names} `);
  }
}

/** The last words before the generator's own failure path. */
export function renderHandover(arrays: readonly WatchedArray[], report: string): string {
  const names = arrays.slice(0, MAX_DESCRIBED).map(arrayLabel).join(', ');
  const more = arrays.length > MAX_DESCRIBED ? ` and ${arrays.length - MAX_DESCRIBED} more` : '';
  return [
    `reliable-raid: gave up waiting for array ${names}${more}.`,
    `  In a rescue shell, "reliable-raid start" shows why and starts what it can.`,
    `  Report: ${report}`,
  ]
    .flatMap(wrap)
    .join('\n');
}

const seconds = (ms: number): number => Math.max(0, Math.round(ms / 1000));
