import type { MdUuid } from '../../md/md-uuid.ts';
import type { Role } from '../../md/superblock.ts';
import type { Report } from '../../report/report-file.ts';
import type {
  NOT_STARTABLE_REASONS,
  Outcome,
  START_CAUSES,
  TimelineEntry,
  TimelineFacts,
  TimelineKind,
} from '../../report/timeline.ts';
import { durationWords } from '../../text/duration.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { listWords, nameSome } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import { failureWords } from '../console/boot-messages.ts';

/** Names in one line; the rest are counted. */
const MAX_NAMED = 6;

export type EntryTone = 'good' | 'care' | 'bad' | 'plain';

export interface EntryWords {
  readonly atMs: number;
  readonly tone: EntryTone;
  /** One line of any length, safe for a console. */
  readonly text: string;
}

/** What a report says has happened, in its order. */
export const timelineWords = ({ timeline, arrays }: Report): readonly EntryWords[] =>
  timeline.map((entry) => {
    const name = (uuid: MdUuid): string => {
      const found = arrays.find((array) => array.uuid === uuid)?.name ?? '';
      return `array ${found === '' ? uuid.slice(0, 8) : escapeForConsole(found, 32)}`;
    };
    const [tone, text] = wordsOf(entry, name);
    return { atMs: entry.atMs, tone, text };
  });

type Said = readonly [tone: EntryTone, text: string];
type Name = (uuid: MdUuid) => string;

const wordsOf = (entry: TimelineEntry, name: Name): Said =>
  (WORDS[entry.kind] as (facts: object, name: Name) => Said)(entry, name);

const WORDS: { readonly [K in TimelineKind]: (facts: TimelineFacts[K], name: Name) => Said } = {
  'engine-started': () => ['plain', 'the boot engine starts'],
  ledger: ({ array, place, recordedAtMs, events, inSyncCount }, name) => [
    'plain',
    `${name(array)}: ${said(place)} knows more than the image: ${inSyncCount} in sync, ${events} events, recorded ${utcDate(recordedAtMs)}`,
  ],
  'ledger-ignored': ({ place, detail }) => [
    'care',
    `the ledger in ${said(place)} is ignored: ${said(detail)}`,
  ],
  'member-arrived': ({ array, device }, name) => ['plain', `${node(device)} of ${name(array)} is present`],
  'array-complete': ({ array, device }, name) => ['good', `${name(array)} is complete (${node(device)})`],
  'array-degraded': ({ array, device, missingCount }, name) => [
    'care',
    `${name(array)} runs degraded (${node(device)}), ${members(missingCount)} missing`,
  ],
  'array-started': ({ array, device, missingCount, degraded }, name) => [
    degraded ? 'care' : 'good',
    `${name(array)} is started${degraded ? ' degraded' : ''} (${node(device)})${missingCount === 0 ? '' : `, ${members(missingCount)} missing`}`,
  ],
  notice: ({ array, missingRoles, waitedMs, leftMs }, name) => [
    'care',
    `${name(array)} is not complete${missing(missingRoles)}${waitedMs === null ? '' : ` after ${durationWords(waitedMs)}`}${leftMs === null ? '' : `; ${durationWords(leftMs)} are left`}`,
  ],
  deadline: ({ array, cause, missingRoles }, name) => [
    'care',
    `${name(array)} is to be started degraded${missing(missingRoles)}: ${CAUSES[cause]}`,
  ],
  key: ({ key, console }) => ['plain', `key ${said(key)} on ${said(console)}`],
  command: ({ steps, ok, detail }) => {
    const line = steps.map((step) =>
      'argv' in step ? step.argv.join(' ') : `echo ${step.value} > ${step.path}`,
    );
    return [ok ? 'plain' : 'bad', `${said(line.join('; '))}${ok ? '' : `: failed: ${said(detail)}`}`];
  },
  'events-lost': ({ detail, lookEveryMs }) => [
    'care',
    `events of devices are lost (${said(detail)}); the engine looks every ${durationWords(lookEveryMs)}`,
  ],
  'start-failed': ({ array, ...failure }, name) => [
    'bad',
    `${name(array)} could not be started: ${failureWords(failure)}`,
  ],
  'not-startable': ({ array, reason, missingRoles }, name) => [
    'bad',
    `${name(array)} is not started: ${REASONS[reason]}${missing(missingRoles)}`,
  ],
  asked: ({ array, reason, choices }, name) => [
    'care',
    `a person is asked about ${name(array)}: ${REASONS[reason]}${choices === null ? '' : `; ${choices.map((choice, n) => `${n + 1}: ${names(choice.devices)}, written ${utcDate(choice.writtenMs)}`).join('; ')}`}`,
  ],
  answered: ({ array, choice, console, devices }, name) => [
    'plain',
    `${said(console)} answers for ${name(array)}: ${choice} (${names(devices)})`,
  ],
  'shell-opened': ({ console }) => ['care', `a rescue shell opens on ${said(console)}`],
  'shell-denied': ({ detail }) => ['plain', `no rescue shell: ${said(detail)}`],
  'shell-left': () => ['plain', 'the rescue shell is left'],
  'passphrase-opened': () => ['plain', 'a passphrase is asked for; the clock stops'],
  'passphrase-closed': () => ['plain', 'the passphrase prompt is closed'],
  released: ({ array, device, ok, detail }, name) => [
    ok ? 'plain' : 'bad',
    `${name(array)} was left half assembled: ${node(device)} is ${ok ? 'stopped' : `not stopped: ${said(detail)}`}`,
  ],
  unlisted: ({ arrays }, name) => [
    'care',
    `the list in the image is not enough; looked after now: ${listWords(nameSome(arrays.map(name), MAX_NAMED))}`,
  ],
  handover: ({ arrays }, name) => [
    'bad',
    `gives up waiting for ${listWords(nameSome(arrays.map(name), MAX_NAMED))}`,
  ],
  finished: ({ outcome }) => [outcome === 'up' ? 'good' : 'bad', OUTCOMES[outcome]],
};

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  up: 'everything that was waited for runs',
  handover: 'the failure path of the boot image takes over',
  'given-back': "the distribution's own way of starting arrays takes over",
};

const CAUSES: Readonly<Record<(typeof START_CAUSES)[number], string>> = {
  'wait-over': 'the wait is over',
  key: 'a key was pressed',
  chosen: 'a person chose this copy',
  'degraded-before': 'it was degraded before, and all that was in sync then is present',
  'all-in-sight': 'every device that it knows is present',
};

const REASONS: Readonly<Record<(typeof NOT_STARTABLE_REASONS)[number], string>> = {
  policy: 'the configuration says so',
  'start-failed': 'its start failed',
  'too-few': 'too few members are present',
  'dirty-degraded': 'it was not shut down cleanly, so its parity may be wrong',
  'journal-missing': 'its write journal is missing or out of date',
  'split-brain': 'its members were each used without the other',
  stale: 'the copy that is present is older than what was last seen',
  'duplicate-members': 'two devices say that they are the same member',
  reshape: 'a reshape is under way that needs its backup file',
  'external-metadata': 'only its container may start it',
  'unknown-level': 'its level cannot be judged',
};

const said = (text: string): string => escapeForConsole(text, 200);
const node = (device: string): string => `/dev/${escapeForConsole(device, 32)}`;
const names = (devices: readonly string[]): string => listWords(nameSome(devices.map(node), MAX_NAMED));
const members = (count: number): string => `${count} member${count === 1 ? '' : 's'}`;

function missing(roles: readonly Role[] | null): string {
  if (roles === null || roles.length === 0) return '';
  const words = roles.map((role) => (typeof role === 'number' ? `role ${role}` : `the ${role}`));
  return `, missing ${listWords(nameSome(words, MAX_NAMED))}`;
}
