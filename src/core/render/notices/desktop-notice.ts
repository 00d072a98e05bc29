import type { Message, Urgency } from './message-text.ts';

/** Who takes notices on a session's bus, and the call that shows one. */
export const NOTIFICATION_CALL = [
  'org.freedesktop.Notifications',
  '/org/freedesktop/Notifications',
  'org.freedesktop.Notifications',
  'Notify',
  'susssasa{sv}i',
] as const;

const URGENCIES: Readonly<Record<Urgency, number>> = { good: 1, warning: 1, urgent: 2 };

/** As busctl(1) takes the arguments of that call. The body is markup there; an urgent notice stays until somebody closes it. */
export const desktopNotice = ({ subject, body, urgency }: Message): readonly string[] => [
  ...['reliable-raid', '0', 'drive-harddisk', subject, markup(unwrapped(body))],
  ...['0', '1', 'urgency', 'y', String(URGENCIES[urgency]), urgency === 'urgent' ? '0' : '-1'],
];

/** A console's lines end where they are full; a notice breaks its own, and narrower. */
const unwrapped = (body: string): string => body.trimEnd().replace(/\n {2}(?=\S)/g, ' ');

const markup = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
