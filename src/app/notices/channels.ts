import type { DueEvent, EventKind } from '../../core/notices/event.ts';
import { isMailedByMdmonitor } from '../../core/notices/left-to-mdmonitor.ts';
import { arrayNode, memberNode } from '../../core/render/notices/event-words.ts';
import { renderJournalEntry } from '../../core/render/notices/journal-entry.ts';
import type { Message, Urgency } from '../../core/render/notices/message-text.ts';
import type { Mail, NoticeWays, SmtpServer } from '../../ports/notice-ways.ts';
import type { Runner } from '../../ports/runner.ts';
import type { Machine } from '../machine.ts';
import { whyItFailed } from '../why-it-failed.ts';
import type { ChannelSettings } from './channel-settings.ts';
import { type Desktop, toDesktops } from './desktop.ts';
import type { Argv } from './outside-the-unit.ts';

/** What a channel carries: the message, and what it is made of where a channel takes it one by one. */
export interface Notice {
  readonly message: Message;
  readonly events: readonly DueEvent[];
  /** Nothing is wrong: it only tries the channel. */
  readonly isTest: boolean;
}

/** One way to tell people. Sends or says why not; never rejects, and takes no longer than `CHANNEL_MS`. */
export interface Channel {
  readonly name: string;
  readonly send: (notice: Notice) => Promise<string | null>;
  /** What reaches people without it; absent: nothing. */
  readonly isTold?: (due: DueEvent) => boolean;
}

export const CHANNEL_MS = 20_000;

export interface ChannelsOf {
  readonly settings: ChannelSettings;
  readonly hostName: string;
  /** mdmonitor.service mails to the same people. */
  readonly mdmonitorMails: boolean;
  /** Without one, that channel is not there. */
  readonly desktops: readonly Desktop[];
  /** How a program of others is started (`outsideTheUnit`). */
  readonly outside: (argv: Argv) => Argv;
}

/** The channels that are configured, each by itself. */
export function channelsOf(
  { runner }: Pick<Machine, 'runner'>,
  ways: NoticeWays,
  { settings, hostName, mdmonitorMails, desktops, outside }: ChannelsOf,
): readonly Channel[] {
  const { journal, wall, desktop, beep, mail_to: to = [], mail_from, smtp, program, url } = settings;
  const from = mail_from ?? `reliable-raid <root@${hostName || 'localhost'}>`;
  const mail = {
    name: smtp === undefined ? 'sendmail' : 'smtp',
    send: ({ message }: Notice) =>
      smtp === undefined
        ? ways.feed(outside(['sendmail', '-t', '-i']), mailText(mailOf(message, from, to)), CHANNEL_MS)
        : ways.sendMail(serverOf(smtp), mailOf(message, from, to), CHANNEL_MS),
    ...(mdmonitorMails ? { isTold: isMailedByMdmonitor } : {}),
  };
  const all: (Channel | null)[] = [
    journal ? { name: 'journal', send: (notice) => toJournal(ways, notice) } : null,
    wall ? { name: 'wall', send: (notice) => toWall(ways, notice) } : null,
    desktop && desktops.length > 0
      ? {
          name: 'desktop',
          send: ({ message, isTest }) =>
            toDesktops(runner, desktops, message, { outside, timeoutMs: CHANNEL_MS, isTest }),
        }
      : null,
    beep ? { name: 'beep', send: ({ message }) => toSpeaker(ways, message) } : null,
    to.length === 0 ? null : mail,
    program === undefined
      ? null
      : { name: 'program', send: (notice) => toProgram(runner, outside, program, notice) },
    url === undefined ? null : { name: 'url', send: ({ message }) => toUrl(ways, url, message) },
  ];
  return all.filter((channel) => channel !== null);
}

const serverOf = (smtp: NonNullable<ChannelSettings['smtp']>): SmtpServer => ({
  ...{ host: smtp.host, port: smtp.port, security: smtp.security },
  ...{ user: smtp.user ?? null, passwordFile: smtp.password_file ?? null, caFile: smtp.ca_file ?? null },
});

/** An entry for each event; the first failure is told. */
async function toJournal(ways: NoticeWays, { events, isTest }: Notice): Promise<string | null> {
  for (const due of events) {
    const why = await ways.feed(['logger', '--journald'], renderJournalEntry(due, isTest), CHANNEL_MS);
    if (why !== null) return why;
  }
  return null;
}

const toWall = (ways: NoticeWays, { message }: Notice): Promise<string | null> =>
  ways.feed(['wall'], `reliable-raid: ${message.subject}\n\n${message.body}`, CHANNEL_MS);

/** What udev calls the speaker of the main board, once the module pcspkr is there. */
const SPEAKER = '/dev/input/by-path/platform-pcspkr-event-spkr';
const TONES: Readonly<Record<Urgency, number>> = { urgent: 3, warning: 2, good: 1 };

async function toSpeaker(ways: NoticeWays, { urgency }: Message): Promise<string | null> {
  const why = await ways.beep(SPEAKER, TONES[urgency]);
  return why?.includes('ENOENT')
    ? `no speaker at ${SPEAKER}; modprobe pcspkr brings one where there is one`
    : why;
}

const mailOf = ({ subject, body, urgency }: Message, from: string, to: readonly string[]): Mail => ({
  ...{ from, to, subject: `[reliable-raid] ${subject}`, body },
  headers: {
    'Auto-Submitted': 'auto-generated',
    ...(urgency === 'urgent' ? { 'X-Priority': '1', Importance: 'high' } : {}),
  },
});

/** RFC 5322, as sendmail reads it; all of it is ASCII, and no value has a line's end. */
const mailText = ({ from, to, subject, body, headers }: Mail): string =>
  [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    `Subject: ${subject}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    body,
  ].join('\n');

/** mdadm's names for what it has a name for (mdadm(8), MONITOR MODE); ours are in its style. */
export const PROGRAM_EVENTS: Readonly<Record<EventKind, string>> = {
  'array-failed': 'ArrayFailed',
  'not-started': 'ArrayNotStarted',
  'question-open': 'QuestionOpen',
  degraded: 'DegradedArray',
  'member-held': 'MemberHeld',
  'program-gave-way': 'ProgramGaveWay',
  'boot-endangered': 'BootEndangered',
  'image-outdated': 'ImageOutdated',
  'channel-failed': 'ChannelFailed',
  'started-degraded': 'StartedDegraded',
  'question-answered': 'QuestionAnswered',
  'member-failed': 'Fail',
  'member-gone': 'MemberGone',
  'member-back': 'RebuildStarted',
  'member-readded': 'SpareActive',
  'rebuild-finished': 'RebuildFinished',
};

/** `PROGRAM EVENT MD-DEVICE [MEMBER]`, once for each event; a fault that is over has `Healed` before its name. */
async function toProgram(
  runner: Runner,
  outside: ChannelsOf['outside'],
  program: string,
  { events, isTest }: Notice,
): Promise<string | null> {
  for (const { event, how } of events) {
    const name = isTest ? 'TestMessage' : `${how === 'healed' ? 'Healed' : ''}${PROGRAM_EVENTS[event.kind]}`;
    const member = memberNode(event);
    const argv = outside([
      ...([program, name, arrayNode(event) ?? '/dev/md'] as const),
      ...(member === null ? [] : [member]),
    ]);
    const run = await runner.run(argv, { timeoutMs: CHANNEL_MS });
    if (run.status !== 0) return `${program} ${whyItFailed(run)}`;
  }
  return null;
}

const NTFY_PRIORITIES = { urgent: 'urgent', warning: 'high', good: 'default' } as const;

/** As ntfy takes it; a webhook of another kind has the text as its body. */
const toUrl = (ways: NoticeWays, url: string, { subject, body, urgency }: Message): Promise<string | null> =>
  ways.post(
    url,
    {
      'Content-Type': 'text/plain; charset=us-ascii',
      Title: subject,
      Priority: NTFY_PRIORITIES[urgency],
      Tags: 'floppy_disk',
    },
    body,
    CHANNEL_MS,
  );
