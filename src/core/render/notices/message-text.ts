import type { DueEvent, EventKind } from '../../notices/event.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { cut, WIDTH, wrapTo } from '../../text/lines.ts';
import { diskWords, eventWords, isBack } from './event-words.ts';

/** One message, as every channel gets it. ASCII; no line is wider than a console, none of the subject's characters ends a header. */
export interface Message {
  readonly subject: string;
  readonly body: string;
  readonly urgency: Urgency;
}

/** `urgent`: data cannot be reached, or one more failure loses it. */
export type Urgency = 'urgent' | 'warning' | 'good';

/** For what is described, whole events only; the rest are counted in lines of their own. */
const MAX_LINES = 15;

const URGENT: ReadonlySet<EventKind> = new Set([
  'array-failed',
  'not-started',
  'question-open',
  'degraded',
  'member-failed',
  'member-gone',
  'program-gave-way',
]);
const GOOD: ReadonlySet<EventKind> = new Set(['member-readded', 'rebuild-finished', 'question-answered']);

export function urgencyOf({ event, how }: DueEvent): Urgency {
  if (how === 'healed' || GOOD.has(event.kind)) return 'good';
  return URGENT.has(event.kind) && !isBack(event) ? 'urgent' : 'warning';
}

const RANK: readonly Urgency[] = ['urgent', 'warning', 'good'];

/** What happened, which disk, what it means for the data, what to do now: under 20 lines. */
export function renderMessage(events: readonly DueEvent[], hostName: string, isTest = false): Message {
  const sorted = [...events].sort((a, b) => RANK.indexOf(urgencyOf(a)) - RANK.indexOf(urgencyOf(b)));
  const [first] = sorted;
  const host = escapeForConsole(hostName, 40) || 'this machine';
  const mark = isTest ? 'TEST: ' : '';
  if (first === undefined) return { subject: `${mark}${host}`, body: '', urgency: 'good' };
  const more = sorted.length === 1 ? '' : ` (and ${sorted.length - 1} more)`;
  const headline = eventWords(first).what.replace(/\.$/, '');
  const lines = isTest ? ['This is a test: nothing is wrong. A real notice looks like this:', ''] : [];
  let described = 0;
  for (const event of sorted) {
    const own = [...(described === 0 ? [] : ['']), ...describe(event)];
    if (lines.length + own.length > MAX_LINES) break;
    lines.push(...own);
    described++;
  }
  const hidden = sorted.length - described;
  return {
    subject: cut(`${mark}${host}: ${again(first)}${headline}${more}`, 160),
    body: [
      ...lines,
      ...(hidden > 0 ? [`... and ${hidden} more.`] : []),
      '',
      cut(`On ${host}; all of it: reliable-raid status`, WIDTH),
      '',
    ].join('\n'),
    urgency: urgencyOf(first),
  };
}

const again = ({ how }: DueEvent): string => (how === 'again' ? 'still: ' : '');

function describe(due: DueEvent): string[] {
  const { what, means, next } = eventWords(due);
  const disks = due.how === 'healed' || due.event.disks.length === 0 ? [] : [`Disk: ${diskWords(due.event)}`];
  const text = `${again(due)}${what}`;
  return [`${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`, ...disks, means, next]
    .filter((line) => line !== '')
    .flatMap((line) => wrapTo(WIDTH, line));
}
