import { type Countdown, type Message, secondsLeft } from '../../engine/messages.ts';
import { fit } from '../../text/lines.ts';
import { utcDate } from '../../text/utc-date.ts';
import { describeMissing } from '../../verdict/describe-missing.ts';
import type { WatchedArray } from '../../watchlist/watchlist.ts';
import { arrayLabel } from '../labels.ts';
import { failureWords } from './boot-messages.ts';
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
      const missing = message.arrays.flatMap(({ array, verdict }) => describeMissing(array, verdict)).length;
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
      const age = message.writtenMs === null ? '' : `, last written ${utcDate(message.writtenMs)}`;
      return `Starting array ${arrayLabel(message.array)} degraded${age}`;
    }
    case 'not-startable':
      return `Array ${arrayLabel(message.array)} is not started: ${whyNot(message)}`;
    case 'up':
      return message.missing === 0
        ? `Array ${arrayLabel(message.array)} is complete`
        : `Array ${arrayLabel(message.array)} runs degraded`;
    case 'unlisted':
      return `Also looking after ${namesOf(message.arrays)}, which the boot image does not list`;
    case 'not-needed':
      return `Going on without ${namesOf(message.arrays)}`;
    case 'no-shell':
      return `No rescue shell: ${message.why}`;
    case 'handover':
      return `Gave up waiting for ${namesOf(message.arrays)}`;
  }
}

function whyNot({ array, verdict, failure }: Extract<Message, { readonly kind: 'not-startable' }>): string {
  if (failure !== null) return failureWords(failure);
  switch (verdict.kind) {
    case 'unsafe':
      return reasonWords(verdict.reason);
    case 'startable':
      return 'it would be degraded';
    default:
      return `${array.raidDevices - describeMissing(array, verdict).length} of ${array.raidDevices} members are present`;
  }
}

const namesOf = (arrays: readonly WatchedArray[]): string =>
  arrays.length <= 2
    ? arrays.map((array) => `array ${arrayLabel(array)}`).join(' and ')
    : `${arrays.length} arrays`;
