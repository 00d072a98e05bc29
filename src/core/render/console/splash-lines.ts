import { type Countdown, type Message, type NoticedArray, secondsLeft } from '../../engine/messages.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { cut } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel, diskLabel } from '../labels.ts';
import { failureWords, shellDenialWords } from './boot-messages.ts';
import { cameWords, unfitWords } from './members.ts';
import { reasonWords } from './reason.ts';

/** What a splash has last been told. */
export interface SplashNews {
  readonly said: Message;
  /** The last that named keys, if it still stands. */
  readonly asked: Message | null;
  readonly countdown: Countdown | null;
}

/** Most themes cut longer lines, or let them run out of the picture. */
const SPLASH_WIDTH = 62;

/**
 * One or two lines for a splash: what is the matter, what is counted down, and the keys. Details are in the lines of the boot, which plymouth
 * shows when Esc is pressed.
 */
export function splashLines({ said, asked, countdown }: SplashNews): readonly string[] {
  const below = [
    countdown === null ? '' : countdownWords(countdown, asked),
    // It names its own.
    said.kind === 'confirm' ? '' : keyWords(countdown, asked),
  ];
  return [words(said), below.filter((part) => part !== '').join('   ')]
    .filter((line) => line !== '')
    .map((line) => cut(line, SPLASH_WIDTH));
}

/** Whether the message is followed by keys for as long as it stands. */
export const asksForKeys = ({ kind }: Message): boolean => kind === 'notice' || kind === 'question';

function countdownWords(countdown: Countdown, asked: Message | null): string {
  const left = `${secondsLeft(countdown)} s`;
  // Its keys need the room.
  if (asked?.kind === 'question') return `${left} left`;
  switch (countdown.what) {
    case 'start':
      return `${left} until ${countdown.arrays.length === 1 ? 'it starts' : 'they start'} degraded`;
    case 'wait':
      return `${left} left to wait`;
    case 'give-up':
      return `${left} until the boot gives up`;
  }
}

function keyWords(countdown: Countdown | null, asked: Message | null): string {
  if (asked === null || (asked.kind !== 'notice' && asked.kind !== 'question')) return '';
  const shell = asked.shellDenied === null ? ['[Return] shell'] : [];
  if (asked.kind === 'notice') {
    const now = countdown?.what === 'start' ? '[d] now' : '[d] start degraded now';
    return [...(asked.canStart ? [now] : []), ...shell].join('  ');
  }
  const { length } = asked.question.choices;
  const digits = length === 1 ? '[1] start it' : `[1]-[${length}] choose`;
  return [...(length === 0 ? [] : [digits]), '[Esc] details', ...shell].join('  ');
}

function words(message: Message): string {
  switch (message.kind) {
    case 'notice': {
      const missing = message.arrays.flatMap(({ presence }) => presence.absent).length;
      const [first] = message.arrays;
      const unfit = first?.presence.unfit[0];
      if (missing === 0 && unfit !== undefined)
        return `${escapeForConsole(unfit.device, 16)} of ${first === undefined ? '' : namesOf([first.array])} does not count: ${unfitWords(unfit.why)}`;
      const members = missing === 1 ? theOneMissing(message.arrays) : `${missing} members`;
      return `Waiting for ${missing === 0 ? '' : `${members} of `}${namesOf(message.arrays.map(({ array }) => array))}`;
    }
    case 'question':
      return `Array ${arrayLabel(message.array)}: ${reasonWords(message.question.reason)}`;
    case 'confirm':
      return `Start copy ${message.number} of array ${arrayLabel(message.array)}? [y] yes  [n] no`;
    case 'withdrawn':
      return `Array ${arrayLabel(message.array)} is not started`;
    case 'chosen':
      return `Starting copy ${message.number} of array ${arrayLabel(message.array)}, as chosen`;
    case 'starting': {
      const age = message.writtenMs === null ? '' : `, data written ${utcDate(message.writtenMs)}`;
      return `Starting array ${arrayLabel(message.array)} degraded${age}`;
    }
    case 'not-startable':
      return `Array ${arrayLabel(message.array)} is not started: ${whyNot(message)}`;
    case 'up':
      if (message.missing > 0) return `Array ${arrayLabel(message.array)} runs degraded`;
      return `Array ${arrayLabel(message.array)} is complete${message.came.length === 0 ? '' : `: ${cameWords(message.came)} came`}`;
    case 'runs-degraded':
      return `${capital(namesOf(message.arrays))} ${message.arrays.length === 1 ? 'runs' : 'run'} degraded: see "man reliable-raid"`;
    case 'unlisted':
      return `Also looking after ${namesOf(message.arrays)}, which the boot image does not list`;
    case 'not-needed':
      return `Going on without ${namesOf(message.arrays)}`;
    case 'no-shell':
      return `No rescue shell: ${shellDenialWords(message.why)}`;
    case 'shell-greeting':
      return 'A rescue shell is open on a console';
    case 'handover':
      return `Gave up waiting for ${namesOf(message.arrays)}`;
  }
}

/** The disk as a person knows it; the array's name is then seen where there is room. */
function theOneMissing(arrays: readonly NoticedArray[]): string {
  const disk = arrays.flatMap(({ presence }) => presence.absent)[0]?.disk ?? null;
  return disk === null || (disk.model === null && disk.serial === null) ? 'a member' : diskLabel(disk);
}

function whyNot({
  verdict,
  presence,
  failure,
}: Extract<Message, { readonly kind: 'not-startable' }>): string {
  if (failure !== null) return failureWords(failure);
  switch (verdict.kind) {
    case 'unsafe':
      return reasonWords(verdict.reason);
    case 'startable':
      return 'it would be degraded';
    default:
      return `${presence.filledCount} of ${presence.slotCount} members are present${presence.unfit.length === 0 ? '' : ' and fit'}`;
  }
}

const capital = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;

const namesOf = (arrays: readonly WatchedArray[]): string =>
  arrays.length <= 2
    ? arrays.map((array) => `array ${arrayLabel(array)}`).join(' and ')
    : `${arrays.length} arrays`;
