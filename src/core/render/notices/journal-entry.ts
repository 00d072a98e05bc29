import type { DueEvent } from '../../notices/event.ts';
import { HEALED_MESSAGE_ID, MESSAGE_IDS, TEST_MESSAGE_ID } from '../../notices/message-ids.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { diskWords, eventWords } from './event-words.ts';
import { urgencyOf } from './message-text.ts';

/** syslog's numbers (journalctl -p): crit, warning, notice. */
const PRIORITIES = { urgent: 2, warning: 4, good: 5 } as const;

/** One event as `logger --journald` takes it: a field in each line, none of which a text from a disk can begin or end. */
export function renderJournalEntry(due: DueEvent, isTest = false): string {
  const { event, how } = due;
  const { what, means, next } = eventWords(due);
  const id = isTest ? TEST_MESSAGE_ID : how === 'healed' ? HEALED_MESSAGE_ID : MESSAGE_IDS[event.kind];
  const fields = {
    MESSAGE: `${isTest ? 'TEST, nothing is wrong: ' : how === 'again' ? 'still: ' : ''}${what} ${means} ${next}`,
    MESSAGE_ID: id,
    PRIORITY: String(isTest ? PRIORITIES.good : PRIORITIES[urgencyOf(due)]),
    SYSLOG_IDENTIFIER: 'reliable-raid',
    RELIABLE_RAID_EVENT: isTest ? 'test' : event.kind,
    RELIABLE_RAID_HOW: how,
    RELIABLE_RAID_WHAT: what,
    RELIABLE_RAID_MEANS: means,
    RELIABLE_RAID_NEXT: next,
    RELIABLE_RAID_DISKS: diskWords(event) || '-',
    RELIABLE_RAID_DETAIL: escapeForConsole(event.detail, 300) || '-',
    RELIABLE_RAID_ARRAY: event.array?.uuid ?? '-',
    RELIABLE_RAID_DEVICE: escapeForConsole(event.array?.device ?? '', 32) || '-',
  };
  return `${Object.entries(fields)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}
