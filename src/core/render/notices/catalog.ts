import { type EventKind, PASSING_KINDS, STANDING_KINDS } from '../../notices/event.ts';
import { HEALED_MESSAGE_ID, MESSAGE_IDS, TEST_MESSAGE_ID } from '../../notices/message-ids.ts';

/** What the catalog is headed with, as `journalctl -x` shows it below the message. */
const SUBJECTS: Readonly<Record<EventKind, string>> = {
  'array-failed': 'An md array has too few disks',
  'not-started': 'An md array does not run',
  'question-open': 'An md array waits for an answer',
  degraded: 'An md array lacks a disk',
  'member-held': 'A disk is kept out of its md array',
  'program-gave-way': "The boot was left to the distribution's own way",
  'boot-endangered': 'The next boot may not come up',
  'image-outdated': 'The boot image is older than the arrays',
  'channel-failed': 'A notice could not be sent',
  'started-degraded': 'The boot started an md array degraded',
  'question-answered': 'A question about an md array was answered',
  'member-failed': 'md has failed a disk',
  'member-gone': 'A disk of an md array is gone',
  'member-back': 'A disk is being filled',
  'member-readded': 'A disk is in sync again',
  'rebuild-finished': 'A rebuild is finished',
};

const entry = (id: string, subject: string): string => `-- ${id}
Subject: ${subject}
Defined-By: reliable-raid
Documentation: man:reliable-raid-troubleshooting(7)

@RELIABLE_RAID_WHAT@
@RELIABLE_RAID_MEANS@

Disks: @RELIABLE_RAID_DISKS@
Array: @RELIABLE_RAID_ARRAY@ (@RELIABLE_RAID_DEVICE@)

What to do:
@RELIABLE_RAID_NEXT@

How everything stands: reliable-raid status
`;

/** The whole message catalog (journalctl --update-catalog). */
export const renderCatalog = (): string =>
  [
    ...[...STANDING_KINDS, ...PASSING_KINDS].map((kind) => entry(MESSAGE_IDS[kind], SUBJECTS[kind])),
    entry(TEST_MESSAGE_ID, 'A test: nothing is wrong'),
    entry(HEALED_MESSAGE_ID, 'What was told before is over'),
  ].join('\n');
