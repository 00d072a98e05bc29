import fc from 'fast-check';
import { test } from 'tap';
import { HEALED_MESSAGE_ID, MESSAGE_IDS, TEST_MESSAGE_ID } from '../../../../src/core/notices/message-ids.ts';
import { renderJournalEntry } from '../../../../src/core/render/notices/journal-entry.ts';
import { fault } from '../../../support/notice-events.ts';
import { ROOT } from '../../../support/status-machines.ts';

const fields = (text: string) =>
  Object.fromEntries(
    text
      .trimEnd()
      .split('\n')
      .map((line) => [line.split('=')[0], line.replace(/^[^=]*=/, '')]),
  );

test('fields to filter by', async (t) => {
  const event = fault('degraded');
  t.match(fields(renderJournalEntry({ event, how: 'new' })), {
    MESSAGE: /^array root \(md0\) lacks a disk\. .* mdadm \/dev\/md0 --add/,
    MESSAGE_ID: MESSAGE_IDS.degraded,
    PRIORITY: '2',
    RELIABLE_RAID_EVENT: 'degraded',
    RELIABLE_RAID_DEVICE: 'md0',
    RELIABLE_RAID_DETAIL: '-',
  });
  t.match(fields(renderJournalEntry({ event, how: 'again' })), { MESSAGE: /^still: / });
  t.match(fields(renderJournalEntry({ event, how: 'healed' })), {
    MESSAGE_ID: HEALED_MESSAGE_ID,
    PRIORITY: '5',
  });
  t.match(fields(renderJournalEntry({ event, how: 'new' }, true)), {
    MESSAGE_ID: TEST_MESSAGE_ID,
    PRIORITY: '5',
  });
});

test('no text from a disk makes a field', async () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  const usual = renderJournalEntry({ event: fault('member-held'), how: 'new' }).split('\n').length;
  fc.assert(
    fc.property(text, text, (one, other) => {
      const event = fault('member-held', {
        array: { uuid: ROOT, name: one, device: other },
        disks: [one],
        detail: other,
      });
      const entry = renderJournalEntry({ event, how: 'new' });
      return entry.split('\n').length === usual && /^[\n\x20-\x7e]*$/.test(entry);
    }),
  );
});
