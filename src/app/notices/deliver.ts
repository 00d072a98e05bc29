import type { DueEvent } from '../../core/notices/event.ts';
import {
  MAX_UNSENT,
  MAX_UNSENT_EVENTS,
  MAX_UNSENT_OF_CHANNEL,
  type UnsentMessage,
} from '../../core/notices/told.ts';
import { messageOf } from '../why-it-failed.ts';
import type { Channel, Notice } from './channels.ts';

/** What became of one message on one channel. */
export interface Delivery {
  readonly channel: string;
  /** Null: it is on its way. */
  readonly why: string | null;
}

export interface Delivering {
  /** Empty: only what waits is sent. */
  readonly events: readonly DueEvent[];
  readonly before: readonly UnsentMessage[];
  readonly nowMs: number;
  readonly makeNotice: (events: readonly DueEvent[]) => Notice;
}

/**
 * Sends what waits and then the news, on every channel at once and on each in order: none waits for another. What a channel does
 * not take is kept for it. A channel that is not configured any more has nothing to wait for.
 */
export async function deliver(
  channels: readonly Channel[],
  delivering: Delivering,
): Promise<{ readonly deliveries: readonly Delivery[]; readonly unsent: readonly UnsentMessage[] }> {
  const each = await Promise.all(channels.map((channel) => onOne(channel, delivering)));
  return {
    deliveries: each.flatMap(({ delivery }) => delivery ?? []),
    unsent: each.flatMap(({ unsent }) => unsent).slice(-MAX_UNSENT),
  };
}

async function onOne(
  channel: Channel,
  { events, before, nowMs, makeNotice }: Delivering,
): Promise<{ readonly delivery: Delivery | null; readonly unsent: readonly UnsentMessage[] }> {
  const { name, isTold } = channel;
  // A channel does not tell of itself that it fails.
  const own = events.filter((due) => due.event.key !== `channel/${name}` && isTold?.(due) !== true);
  const news = own.length === 0 ? [] : [{ channel: name, events: own, why: '', atMs: nowMs }];
  const queue: readonly UnsentMessage[] = [...before.filter((one) => one.channel === name), ...news];
  for (const [sentCount, message] of queue.entries()) {
    const why = await sendOn(channel, makeNotice(message.events));
    if (why === null) continue;
    // What is down for one is down for the next: no second wait.
    const unsent = queue
      .slice(sentCount)
      .map((one) => ({ ...one, events: one.events.slice(0, MAX_UNSENT_EVENTS), why }));
    return { delivery: { channel: name, why }, unsent: unsent.slice(-MAX_UNSENT_OF_CHANNEL) };
  }
  return { delivery: queue.length === 0 ? null : { channel: name, why: null }, unsent: [] };
}

async function sendOn(channel: Channel, notice: Notice): Promise<string | null> {
  try {
    return await channel.send(notice);
  } catch (error) {
    return messageOf(error);
  }
}
