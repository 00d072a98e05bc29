import { parseMdUuid } from '../md/md-uuid.ts';
import { readShape, type Shape } from '../parse/json-reader.ts';
import type { Result } from '../result/result.ts';
import { asciiJson } from '../text/ascii-json.ts';
import { type EventKind, type NoticeEvent, PASSING_KINDS, STANDING_KINDS } from './event.ts';
import type { SeenArray } from './facts.ts';
import { MAX_FAULTS, MAX_SENT, MAX_UNSENT, MAX_UNSENT_EVENTS, MAX_WAITING, type Told } from './told.ts';

export const TOLD_SCHEMA = 'reliable-raid/told/1';
export const MAX_TOLD_BYTES = 4 * 1024 * 1024;

const ALL_KINDS = [...STANDING_KINDS, ...PASSING_KINDS];

const MAX_TEXT = 100_000;
const MAX_ARRAYS = 1024;
const MAX_MEMBERS = 2048;

export const formatTold = (told: Told): string => `${asciiJson({ schema: TOLD_SCHEMA, ...told })}\n`;

/** What was told before; anything that is not exactly that is refused, and then everything is told once more (S12). */
export const parseTold = (text: string, at: string): Result<Told> =>
  readShape(text, at, (top) => {
    top.field('schema').oneOf([TOLD_SCHEMA]);
    return {
      bootId: words(top.field('bootId')),
      faults: top.field('faults').list(MAX_FAULTS, (fault) => ({
        event: eventOf(fault.field('event'), STANDING_KINDS),
        toldMs: fault.field('toldMs').number(),
      })),
      reported: top.field('reported').list(MAX_FAULTS, words),
      heardCount: heardCountOf(top.field('heardCount')),
      arrays: top.field('arrays').list(MAX_ARRAYS, arrayOf),
      waiting: top.field('waiting').list(MAX_WAITING, (event) => eventOf(event, ALL_KINDS)),
      sentMs: top.field('sentMs').list(MAX_SENT, (date) => date.number()),
      unsent: top.field('unsent').list(MAX_UNSENT, (message) => ({
        channel: words(message.field('channel')),
        events: message.field('events').list(MAX_UNSENT_EVENTS, (due) => ({
          event: eventOf(due.field('event'), ALL_KINDS),
          how: due.field('how').oneOf(['new', 'again', 'healed']),
        })),
        why: words(message.field('why')),
        atMs: message.field('atMs').number(),
      })),
    };
  });

const words = (shape: Shape): string => shape.text(MAX_TEXT);

/** Files from before failures were heard have none. */
const heardCountOf = (field: Shape): number => (field.raw() === undefined ? 0 : field.number());

const uuidOf = (shape: Shape) => shape.value(parseMdUuid(shape.text(64)));

function eventOf<K extends EventKind>(shape: Shape, kinds: readonly K[]): NoticeEvent<K> {
  return {
    kind: shape.field('kind').oneOf(kinds),
    key: words(shape.field('key')),
    array: shape.field('array').orNull((array) => ({
      uuid: uuidOf(array.field('uuid')),
      name: words(array.field('name')),
      device: array.field('device').orNull(words),
    })),
    disks: shape.field('disks').list(MAX_MEMBERS, words),
    detail: words(shape.field('detail')),
  };
}

function arrayOf(shape: Shape): SeenArray {
  return {
    uuid: uuidOf(shape.field('uuid')),
    name: words(shape.field('name')),
    device: shape.field('device').orNull(words),
    isRunning: shape.field('isRunning').boolean(),
    members: shape.field('members').list(MAX_MEMBERS, (member) => ({
      id: words(member.field('id')),
      disk: words(member.field('disk')),
      state: member.field('state').oneOf(['in-sync', 'filling', 'failed', 'held', 'spare']),
    })),
  };
}
