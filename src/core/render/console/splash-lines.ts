import { type Countdown, type Message, secondsLeft } from '../../engine/messages.ts';
import { escapeForConsole } from '../../text/escape-console.ts';
import { fit } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel } from '../labels.ts';
import { failureWords, shellDenialWords } from './boot-messages.ts';
import { cameWords, unfitWords } from './members.ts';
import { reasonWords } from './reason.ts';

/** A message as the one line that a splash screen has: what is the matter; details and keys are on the consoles. */
export const splashLine = (message: Message): string => fit(words(message));

/** The countdown, for the same place. */
export function splashCountdown(countdown: Countdown): string {
  const left = `${secondsLeft(countdown)} s`;
  const names = namesOf(countdown.arrays);
  switch (countdown.what) {
    case 'start':
      return fit(`${left} until ${names} ${countdown.arrays.length === 1 ? 'starts' : 'start'} degraded`);
    case 'wait':
      return fit(`${left} left to wait for ${names}`);
    case 'give-up':
      return fit(`${left} until the boot gives up on ${names}`);
  }
}

function words(message: Message): string {
  switch (message.kind) {
    case 'notice': {
      const missing = message.arrays.flatMap(({ presence }) => presence.absent).length;
      const [first] = message.arrays;
      const unfit = first?.presence.unfit[0];
      if (missing === 0 && unfit !== undefined)
        return `${escapeForConsole(unfit.device, 16)} of ${first === undefined ? '' : namesOf([first.array])} does not count: ${unfitWords(unfit.why)}`;
      const members = missing === 1 ? 'a member' : `${missing} members`;
      return `Waiting for ${missing === 0 ? '' : `${members} of `}${namesOf(message.arrays.map(({ array }) => array))}`;
    }
    case 'question':
      return `Array ${arrayLabel(message.array)} needs an answer: ${reasonWords(message.question.reason)}`;
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
