import { type DueEvent, type EventKind, NOT_THERE, type NoticeEvent } from '../../notices/event.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords, nameSome } from '../../text/lines.ts';

/** What is said of one event: what happened, what it means for the data, what to do now. Safe for a console, a header and a shell's eyes. */
export interface EventWords {
  readonly what: string;
  readonly means: string;
  readonly next: string;
}

const MAX_DISKS = 4;

/** `array root (md0)`; the machine where it is about none. */
export function arrayWords({ array }: NoticeEvent): string {
  if (array === null) return 'this machine';
  const name = escapeForConsole(array.name, 32);
  const device = array.device === null ? '' : escapeForConsole(array.device, 32);
  if (name === '' || name === device) return `array ${device === '' ? array.uuid.slice(0, 8) : device}`;
  return device === '' ? `array ${name}` : `array ${name} (${device})`;
}

/** The md device; null where there is none, or where its name is not what the kernel calls one. */
export const arrayNode = ({ array }: NoticeEvent): string | null =>
  array?.device != null && /^md[A-Za-z0-9!_-]{1,32}$/.test(array.device) ? `/dev/${array.device}` : null;

const arrayOrAny = (event: NoticeEvent): string => arrayNode(event) ?? event.array?.uuid ?? '/dev/mdX';

export const diskWords = ({ disks }: NoticeEvent): string =>
  listWords(
    nameSome(
      disks.map((disk) => escapeForConsole(disk, 80)),
      MAX_DISKS,
    ),
  );

const STATUS = 'reliable-raid status';

export function eventWords({ event, how }: DueEvent): EventWords {
  return how === 'healed' ? healedWords(event) : WORDS[event.kind](event);
}

const WORDS: { readonly [K in EventKind]: (event: NoticeEvent) => EventWords } = {
  'array-failed': (event) => ({
    what: `${arrayWords(event)} has too few disks.`,
    means: 'Its data cannot be read now. It is lost only if the disks are.',
    next: `Write nothing to its disks. Look at cables and power, restart, then: ${STATUS}`,
  }),
  'not-started': (event) => ({
    what: `${arrayWords(event)} does not run.`,
    means: 'Its data cannot be reached. Nothing on its disks was changed.',
    next: `See what is missing and start it: reliable-raid start ${event.array?.uuid ?? ''}`,
  }),
  'question-open': (event) => ({
    what: `${arrayWords(event)} waits for your answer.`,
    means: 'Its disks hold different data, and only you can say which counts. Nothing was changed.',
    next: `See the copies and choose: reliable-raid start ${event.array?.uuid ?? ''}`,
  }),
  degraded: (event) => ({
    what: `${arrayWords(event)} lacks a disk${event.detail === 'since boot' ? ' since the boot, which started it degraded' : ''}.`,
    means: 'Its data is all there, but is less protected, or not at all, against a further failure.',
    next: `Attach or replace the disk: mdadm ${arrayOrAny(event)} --add /dev/DISK`,
  }),
  'member-held': (event) => ({
    what: `a disk of ${arrayWords(event)} is present and kept out of it.`,
    means: `Nothing on it was changed. Why: ${escapeForConsole(event.detail, 160)}.`,
    next: `Save what only it has; how to put it back: reliable-raid readd ${memberOrAny(event)}`,
  }),
  'program-gave-way': ({ detail }) => ({
    what: "the boot was left to the distribution's own way of starting arrays.",
    means: `${
      detail === '' ? 'reliable-raid could not bring root' : `Why: ${escapeForConsole(detail, 160)}`
    }. Arrays may have been started without its checks.`,
    next: `Look at the arrays: ${STATUS}`,
  }),
  'boot-endangered': (event) => ({
    what: 'the next boot may not come up.',
    means: `${escapeForConsole(event.detail, 200)}.`,
    next: 'See where it stops, and what to type: reliable-raid verify',
  }),
  'image-outdated': () => ({
    what: 'the boot image is older than the arrays.',
    means: 'The next boot may wait for the wrong ones, or take an old disk for a good one.',
    next: 'See what has changed, and what to type: reliable-raid verify',
  }),
  'channel-failed': (event) => ({
    what: `a notice could not be sent: ${escapeForConsole(event.detail, 200)}.`,
    means: 'It is sent later. Until then only the other ways tell you.',
    next: 'Try it: reliable-raid notify --test',
  }),
  'started-degraded': (event) => ({
    what: `the boot started ${arrayWords(event)} degraded; it is complete again.`,
    means: 'A disk came late, or was away. Its data is all there.',
    next: 'If it happens again, look at that disk, its cable and its power.',
  }),
  'question-answered': (event) => ({
    what: `a question about ${arrayWords(event)} was answered: ${escapeForConsole(event.detail, 60)}.`,
    means: `It runs on ${diskWords(event)}. The other copy is unchanged on its disks.`,
    next: `Look at it: ${STATUS}`,
  }),
  'member-failed': (event) =>
    isBack(event)
      ? {
          what: `md failed a disk of ${arrayWords(event)}, and it is in sync again.`,
          means: 'Its data is all there. In between it was less protected, or not at all.',
          next: 'If it happens again, look at that disk, its cable and its power.',
        }
      : {
          what: `md has failed a disk of ${arrayWords(event)}.`,
          means: 'Its data is all there as long as the other disks hold.',
          next: `Replace the disk: mdadm ${arrayOrAny(event)} --remove ${memberOrAny(event)}`,
        },
  'member-gone': (event) => ({
    what: `a disk of ${arrayWords(event)} is gone.`,
    means: 'Its data is all there as long as the other disks hold.',
    next: 'Attach the disk again: it is re-added where that is safe.',
  }),
  'member-back': (event) => ({
    what: `a disk is being filled in ${arrayWords(event)}.`,
    means: 'Until that is done the array is as degraded as before.',
    next: `Wait; how far it is: ${STATUS}`,
  }),
  'member-readded': (event) => ({
    what: `a disk is in sync in ${arrayWords(event)} again.`,
    means: 'It holds all data.',
    next: 'Nothing is to be done.',
  }),
  'rebuild-finished': (event) => ({
    what: `the rebuild of ${arrayWords(event)} is finished.`,
    means: 'The disk holds all data.',
    next: 'Nothing is to be done.',
  }),
};

/** A member failed, and was in sync again before anybody looked. */
export const isBack = ({ kind, detail }: NoticeEvent): boolean =>
  kind === 'member-failed' && detail === 'back';

function healedWords(event: NoticeEvent): EventWords {
  if (event.detail === NOT_THERE)
    return {
      what: `${arrayWords(event)} is not there any more.`,
      means: 'What was told of it before is over.',
      next: `Where you did not take it away yourself: ${STATUS}`,
    };
  const what: Partial<Record<EventKind, string>> = {
    degraded: `${arrayWords(event)} is complete again.`,
    'array-failed': `${arrayWords(event)} can be read again.`,
    'not-started': `${arrayWords(event)} runs.`,
    'question-open': `${arrayWords(event)} needs no answer any more.`,
    'member-held': `no disk of ${arrayWords(event)} is kept out for this reason any more.`,
    'image-outdated': 'the boot image is up to date.',
    'boot-endangered': 'the next boot is certain again.',
    'channel-failed': `notices are sent again (${escapeForConsole(event.detail.split(':', 1)[0] ?? '', 40)}).`,
    'program-gave-way': 'this boot needed no help from the distribution.',
  };
  return {
    what: what[event.kind] ?? `${arrayWords(event)}: ${event.kind} is over.`,
    means: 'What was told before is over.',
    next: 'Nothing is to be done.',
  };
}

/** The kernel name that the first disk's words begin with; a command line takes no other text from a disk. */
export const memberNode = ({ disks }: NoticeEvent): string | null =>
  /^\/dev\/[A-Za-z0-9!_-]{1,32}(?=,|$)/.exec(disks[0] ?? '')?.[0] ?? null;

const memberOrAny = (event: NoticeEvent): string => memberNode(event) ?? '/dev/DISK';
