import type { ArrayStatus, MissingDisk } from '../../inspect/array-status.ts';
import type { ListChange } from '../../inspect/list-changes.ts';
import {
  type LastBoot,
  type MachineStatus,
  type Problem,
  problemsOf,
  startedDegradedIn,
} from '../../inspect/machine-status.ts';
import { type SyncProgress, syncLeftMs, syncPercent } from '../../parse/md-sync.ts';
import type { Report } from '../../report/report-file.ts';
import { ageWords } from '../../text/age.ts';
import { durationWords } from '../../text/duration.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { cut, fit, listWords, nameSome, WIDTH, wrap, wrapTo } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import { reasonWords } from '../console/reason.ts';
import { diskLabel, nameLabel } from '../labels.ts';
import { changesText } from './image-text.ts';

/** How serious a word is; whoever owns the terminal gives it a colour. */
export type Tone = 'good' | 'care' | 'bad' | 'plain';
export type Paint = (tone: Tone, text: string) => string;

const UNPAINTED: Paint = (_, text) => text;

/** Disks and devices named for one array, and arrays in one sentence. */
const MAX_NAMED = 4;
const MAX_PROBLEMS = 6;

/** What is wrong first, then each array, the last boot, the image and the ledger. 79 columns, ASCII. */
export function renderStatus(status: MachineStatus, paint: Paint = UNPAINTED): string {
  const problems = problemsOf(status);
  const head = problems.length === 0 ? [allGood(status, paint)] : problems.flatMap(headOf(status, paint));
  const arrays = status.arrays.flatMap((array) => arrayLines(array, paint));
  return [
    ...head,
    ...unreadLines(status),
    ...(arrays.length === 0 ? [] : ['', ...arrays]),
    '',
    ...aroundLines(status),
  ].join('\n');
}

function allGood({ arrays }: MachineStatus, paint: Paint): string {
  const count = arrays.filter(({ condition }) => condition === 'complete').length;
  if (count === 0) return `${paint('plain', 'NO ARRAY')}: no md array runs on this machine.`;
  const what = count === 1 ? 'the array is' : count === 2 ? 'both arrays are' : `all ${count} arrays are`;
  return `${paint('good', 'OK')}: ${what} complete.`;
}

/** What an old list may lead to. */
const risk = (changes: readonly ListChange[]): string =>
  changes.every(({ what }) => what === 'in-sync')
    ? 'take an old disk for a good one'
    : changes.some(({ what }) => what === 'unlock')
      ? 'ask for the passphrase of the wrong device'
      : 'wait for the wrong arrays';

/** The first word painted, without which the line is wrapped as any other. */
const titled = (paint: Paint, tone: Tone, title: string, text: string): string[] => {
  const [first = '', ...more] = wrap(`${title}: ${text}`);
  return [`${paint(tone, title)}${first.slice(title.length)}`, ...more];
};

const headOf =
  (status: MachineStatus, paint: Paint) =>
  (problem: Problem, index: number, all: readonly Problem[]): string[] => {
    if (index === MAX_PROBLEMS) return [`... and ${all.length - MAX_PROBLEMS} more, see below.`];
    if (index > MAX_PROBLEMS) return [];
    switch (problem.kind) {
      case 'array':
        return arrayProblem(problem.array, status, paint);
      case 'old-image':
        return [
          ...titled(paint, 'care', 'BOOT IMAGE OUT OF DATE', `${changesText(problem.changes)}.`),
          ...below(`The next boot may ${risk(problem.changes)}. The running system is not affected.`),
          ...next('build the image anew:', status.rebuild),
        ];
      case 'no-image-list':
        return [
          ...titled(
            paint,
            'care',
            'BOOT IMAGE WITHOUT A LIST',
            'no image was built with reliable-raid in it.',
          ),
          ...below("The next boot starts arrays the distribution's own way, without a wait or a question."),
          ...next('build the image anew:', status.rebuild),
        ];
      case 'old-ledger':
        return [
          ...titled(
            paint,
            'care',
            'LEDGER OUT OF DATE',
            'the next boot does not know which disks are in sync now.',
          ),
          ...next('record them:', 'reliable-raid ledger'),
        ];
    }
  };

/** Below a headline; what does not fit goes on further in. */
const below = (text: string): string[] => wrapTo(WIDTH - 2, text).map((line) => `  ${line}`);

/** What to do, and the commands, each on a line of its own so that it can be copied. */
const next = (text: string, ...commands: readonly string[]): string[] => [
  ...below(`Next: ${text}`),
  ...commands.map((command) => `    ${command}`),
];

function arrayProblem(array: ArrayStatus, status: MachineStatus, paint: Paint): string[] {
  const label = nameOf(array);
  const count = `${array.filledCount} of ${disks(array.slotCount)}`;
  switch (array.condition) {
    case 'failed':
      return [
        ...titled(paint, 'bad', 'FAILED', `array ${label} has too few disks; its data cannot be read.`),
        ...missingLines(array, status),
        ...next(
          'write nothing to its disks; look at cables and power, then restart. If that does not help: man mdadm, ASSEMBLE MODE',
        ),
      ];
    case 'down':
      return downProblem(array, status, paint);
    case 'degraded':
      return [
        ...titled(
          paint,
          'bad',
          array.startedDegraded ? 'DEGRADED SINCE BOOT' : 'DEGRADED',
          `array ${label} runs on ${count}${keptOut(array)}.`,
        ),
        ...heldLines(array),
        ...riskLines(array),
        ...missingLines(array, status),
        ...degradedNext(array),
      ];
    case 'rebuilding':
      return [
        ...titled(paint, 'care', 'REBUILDING', `array ${label} ${rebuildWords(array)}.`),
        ...riskLines(array, 'until this is done '),
        ...heldLines(array),
      ];
    case 'complete':
      return [
        ...titled(paint, 'care', 'KEPT OUT', `array ${label} is complete${keptOut(array)}.`),
        ...heldLines(array),
        ...heldNext(array),
      ];
  }
}

function keptOut({ held }: ArrayStatus): string {
  const [first, ...more] = held;
  if (first === undefined) return '';
  return more.length === 0 ? `; ${nodeOf(first.device)} is kept out` : `; ${disks(held.length)} are kept out`;
}

function downProblem(array: ArrayStatus, status: MachineStatus, paint: Paint): string[] {
  const { verdict, neededBy } = array;
  const needs = neededBy.length === 0 ? '' : ` ${needWords(neededBy)} needs it.`;
  const why =
    verdict === null
      ? 'Its disks may be read by root only.'
      : verdict.kind === 'unsafe'
        ? `Why: ${reasonWords(verdict.reason)}.`
        : verdict.kind === 'absent'
          ? 'None of its disks is present.'
          : verdict.kind === 'insufficient'
            ? 'Too few of its disks are present.'
            : verdict.kind === 'startable'
              ? 'It lacks a disk, and can be started degraded.'
              : 'Its disks are all present.';
  const advice =
    verdict?.kind === 'absent' || verdict?.kind === 'insufficient'
      ? 'attach its disks; this says which are missing:'
      : verdict?.kind === 'unsafe'
        ? 'this shows what is known about each copy, and asks:'
        : 'start it:';
  return [
    ...titled(paint, 'bad', 'NOT RUNNING', `array ${nameOf(array)} is not started.${needs}`),
    ...below(why),
    ...(verdict?.kind === 'absent' ? [] : missingLines(array, status)),
    ...heldLines(array),
    ...next(advice, `reliable-raid start ${argumentOf(array)}`),
  ];
}

/** What a further failure costs. */
/** `lead`: for how long. */
function riskLines({ spareFailures }: ArrayStatus, lead = ''): string[] {
  const text =
    spareFailures === 0
      ? `Its data is all there, but ${lead}one more failed disk loses it.`
      : spareFailures === null
        ? 'Its data is all there.'
        : `Its data is all there, and ${lead}${spareFailures === 1 ? 'one more disk' : `${spareFailures} more disks`} may fail.`;
  return below(text);
}

function missingLines({ missing }: ArrayStatus, { nowMs }: MachineStatus): string[] {
  const absent = missing.filter(({ heldDevice }) => heldDevice === null);
  const lines = absent.slice(0, MAX_NAMED).flatMap((one) => below(`Missing: ${missingWords(one, nowMs)}`));
  return absent.length > MAX_NAMED ? [...lines, `  ... and ${absent.length - MAX_NAMED} more`] : lines;
}

function missingWords(
  { role, disk, calledBefore, lastSeenMs, failedDevice }: MissingDisk,
  nowMs: number,
): string {
  const name =
    disk !== null
      ? diskLabel(disk)
      : calledBefore !== null
        ? escapeForConsole(calledBefore, 60)
        : 'a disk that no record names';
  const seen =
    failedDevice !== null
      ? `, failed (/dev/${escapeForConsole(failedDevice, 16)})`
      : lastSeenMs === null
        ? ''
        : `, last seen ${utcDate(lastSeenMs)} (${ageWords(lastSeenMs, nowMs)})`;
  return `role ${role}, ${name}${seen}`;
}

function degradedNext(array: ArrayStatus): string[] {
  if (array.held.length > 0) return heldNext(array);
  const md = `/dev/${escapeForConsole(array.device ?? '', 32)}`;
  const failed = array.missing.flatMap(({ failedDevice }) => failedDevice ?? []).map(nodeOf);
  return failed.length > 0
    ? next(
        'take the failed disk out, and add a new one:',
        `mdadm ${md} --remove ${failed[0]}`,
        `mdadm ${md} --add /dev/DISK`,
      )
    : next('attach the disk again, and it is re-added; or add a new one:', `mdadm ${md} --add /dev/DISK`);
}

/** What the guard says of two that ran without each other. */
const USED_APART = /was used without|each used without/;

/** Which disks are kept out, and the guard's own reason. */
function heldLines({ held, missing }: ArrayStatus): string[] {
  const lines = held.slice(0, MAX_NAMED).flatMap(({ device, why }) => {
    const disk = missing.find(({ heldDevice }) => heldDevice === device)?.disk ?? null;
    // The headline has said that its array runs.
    const reason = escapeForConsole(why.replace(/^md\S{1,30} runs, and /, ''), 160);
    const name = disk === null ? [] : below(`${nodeOf(device)} is ${diskLabel(disk)}`);
    const means = USED_APART.test(reason) ? '; it may hold data that the array lacks' : '';
    return [...below(`Why ${nodeOf(device)} is kept out: ${reason}${means}.`), ...name];
  });
  return held.length > MAX_NAMED ? [...lines, `  ... and ${held.length - MAX_NAMED} more`] : lines;
}

/** What a person does is in the words of the guard itself: it knows the case. */
const heldNext = ({ held }: ArrayStatus): string[] =>
  held.length === 1
    ? next(
        'save what only that disk has; this says how to put it back:',
        `reliable-raid readd ${held.map(({ device }) => nodeOf(device)).join(' ')}`,
      )
    : next(
        'save what only those disks have; this says how to put them back:',
        `reliable-raid readd ${held
          .slice(0, MAX_NAMED)
          .map(({ device }) => nodeOf(device))
          .join(' ')}`,
      );

function rebuildWords({ rebuilding, sync }: ArrayStatus): string {
  const onto = rebuilding.length === 0 ? 'a disk' : listWords(nameSome(rebuilding.map(nodeOf), MAX_NAMED));
  const left = sync === null ? null : syncLeftMs(sync);
  const time = left === null ? '' : `, ${durationWords(left)} left`;
  const progress =
    sync === null ? 'not begun yet' : sync.done === null ? 'waiting' : `${syncPercent(sync)} %${time}`;
  return `copies its data to ${onto}: ${progress}`;
}

/** `45 % done, 120 MB/s, about 2 h 10 min left`. */
function progressWords(sync: SyncProgress): string {
  if (sync.done === null) return 'waiting for another array on the same disks';
  const left = syncLeftMs(sync);
  const speed = sync.kibPerS === 0 ? [] : [`${megabytes(sync.kibPerS)} MB/s`];
  const time = left === null ? [] : [`about ${durationWords(left)} left`];
  return [`${syncPercent(sync)} % done`, ...speed, ...time].join(', ');
}

function megabytes(kibPerS: number): string {
  const value = (kibPerS * 1024) / 1e6;
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

const SYNC_WORDS: Readonly<Record<SyncProgress['action'], string>> = {
  resync: 'resync',
  recover: 'rebuild',
  reshape: 'reshape',
  check: 'check',
  repair: 'repair',
};

/** One line for a complete array, and one more for what happens in it. */
function arrayLines(array: ArrayStatus, paint: Paint): string[] {
  const { device, condition, level, slotCount, filledCount, sync } = array;
  const tone: Tone = condition === 'complete' ? 'good' : condition === 'rebuilding' ? 'care' : 'bad';
  const word = condition === 'down' ? 'not running' : condition;
  const name = cut(
    device === null || device === array.name ? nameOf(array) : `${device} ${nameOf(array)}`,
    24,
  );
  const shape = level === null ? '' : `${escapeForConsole(level, 12)}, ${filledCount} of ${disks(slotCount)}`;
  const needs = array.neededBy.length === 0 ? '' : `  for ${needWords(array.neededBy)}`;
  const line = fit(`  ${name.padEnd(16)}  ${word.padEnd(11)}  ${shape.padEnd(22)}${needs}`.trimEnd());
  const painted = line.replace(word, () =>
    paint(array.isOurs || condition !== 'down' ? tone : 'plain', word),
  );
  return sync === null ? [painted] : [painted, fit(`    ${SYNC_WORDS[sync.action]}: ${progressWords(sync)}`)];
}

function unreadLines({ unreadable }: MachineStatus): string[] {
  if (unreadable.length === 0) return [];
  const names = nameSome(unreadable.map(nodeOf), MAX_NAMED).join(', ');
  return wrap(`Not all could be read (${names}); as root this says more.`);
}

function aroundLines(status: MachineStatus): string[] {
  return [
    ['last boot', lastBootWords(status.lastBoot)],
    ['boot image', imageWords(status)],
    ['ledger', ledgerWords(status)],
  ].map(([title = '', text = '']) => fit(`  ${title.padEnd(12)}  ${text}`));
}

function imageWords({ image }: MachineStatus): string {
  switch (image.kind) {
    case 'compared':
      return image.changes.length === 0 ? 'up to date' : 'out of date';
    case 'not-needed':
      return 'root stands on no array';
    case 'never-made':
      return 'no list was put into one';
    case 'unknown':
      return `not known: ${escapeForConsole(image.why, 160)}`;
  }
}

function ledgerWords({ ledger, nowMs }: MachineStatus): string {
  switch (ledger.kind) {
    case 'recorded':
      return `${ledger.isCurrent ? 'up to date' : 'out of date'}, written ${ageWords(ledger.atMs, nowMs)}`;
    case 'empty':
      return 'nothing recorded yet';
    case 'unknown':
      return `not known: ${escapeForConsole(ledger.why, 160)}`;
  }
}

function lastBootWords(boot: LastBoot): string {
  switch (boot.kind) {
    case 'nothing-to-do':
      return 'every array of root was complete; no wait';
    case 'gave-way':
      return `left to the distribution's own way: ${escapeForConsole(boot.why, 160)}`;
    case 'unknown':
      return `not known: ${escapeForConsole(boot.why, 160)}`;
    case 'reported':
      return reportWords(boot.report);
  }
}

/** A whole boot in one line. */
export function reportWords(report: Report): string {
  const { arrays, timeline, outcome } = report;
  const named = (uuids: Iterable<string>): string =>
    listWords(
      nameSome(
        [...uuids].map((uuid) => {
          const name = arrays.find((array) => array.uuid === uuid)?.name ?? '';
          return name === '' ? uuid.slice(0, 8) : nameLabel(name, 24);
        }),
        3,
      ),
    );
  const degraded = startedDegradedIn(report);
  const asked = timeline.some(({ kind }) => kind === 'asked');
  const last = timeline.at(-1)?.atMs ?? report.discoveryAtMs;
  const took = `after ${durationWords(Math.max(0, last - report.discoveryAtMs))}`;
  const end =
    outcome === 'handover'
      ? `gave up ${took}: not everything that root needs came`
      : outcome === 'given-back'
        ? `left to the distribution's own way ${took}`
        : outcome === null
          ? 'the engine did not come to its end'
          : degraded.size > 0
            ? `array ${named(degraded)} started degraded ${took}`
            : `every array of root was complete ${took}`;
  return asked ? `${end}; it asked a question` : end;
}

/** Safe for a console; an array without a name is its device, else the start of its UUID. */
export function nameOf({ name, device, uuid }: Pick<ArrayStatus, 'name' | 'device' | 'uuid'>): string {
  return name === '' ? (device ?? uuid?.slice(0, 8) ?? 'without a name') : nameLabel(name, 32);
}

/** What a command line takes for it: never text from a disk. */
const argumentOf = ({ uuid, device }: ArrayStatus): string => uuid ?? nodeOf(device ?? '');

const needWords = (neededBy: readonly string[]): string =>
  nameSome(
    neededBy.map((one) => escapeForConsole(one, 24)),
    3,
  ).join(', ');

const nodeOf = (device: string): string => `/dev/${escapeForConsole(device, 16)}`;

const disks = (count: number): string => `${count} disk${count === 1 ? '' : 's'}`;
