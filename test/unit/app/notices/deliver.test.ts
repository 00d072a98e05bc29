import { test } from 'tap';
import type { Notice } from '../../../../src/app/notices/channels.ts';
import { deliver } from '../../../../src/app/notices/deliver.ts';
import type { DueEvent } from '../../../../src/core/notices/event.ts';
import type { UnsentMessage } from '../../../../src/core/notices/told.ts';
import { fault } from '../../../support/notice-events.ts';

const due = (key: string): DueEvent => ({ how: 'new', event: fault('degraded', { key }) });
const makeNotice = (events: readonly DueEvent[]): Notice => ({
  ...{ message: { subject: events.map(({ event }) => event.key).join(' '), body: '', urgency: 'urgent' } },
  ...{ events, isTest: false },
});
const channel = (name: string, answers: readonly (string | null)[]) => {
  const got: string[] = [];
  const send = async ({ message }: Notice) => {
    got.push(message.subject);
    return answers[Math.min(got.length, answers.length) - 1] ?? null;
  };
  return { name, send, got };
};

test('none waits for another, and what one does not take is kept for it alone', async (t) => {
  const good = channel('good', [null]);
  const bad = channel('bad', ['down']);
  const never = { name: 'throws', send: async () => Promise.reject(new Error('thrown')) };
  const { deliveries, unsent } = await deliver([bad, never, good], {
    ...{ events: [due('a')], before: [], nowMs: 5, makeNotice },
  });
  t.same(deliveries, [
    { channel: 'bad', why: 'down' },
    { channel: 'throws', why: 'thrown' },
    { channel: 'good', why: null },
  ]);
  t.match(unsent, [
    { channel: 'bad', why: 'down', atMs: 5 },
    { channel: 'throws', why: 'thrown' },
  ]);
});

test('what waits is sent first, in its order, once', async (t) => {
  const before: UnsentMessage[] = ['x', 'y'].map((key) => ({
    channel: 'c',
    events: [due(key)],
    why: 'w',
    atMs: 1,
  }));
  const all = channel('c', [null]);
  t.same(await deliver([all], { events: [due('z')], before, nowMs: 2, makeNotice }), {
    deliveries: [{ channel: 'c', why: null }],
    unsent: [],
  });
  t.same(all.got, ['x', 'y', 'z']);
  const half = channel('c', [null, 'again down']);
  const { unsent } = await deliver([half], { events: [due('z')], before, nowMs: 2, makeNotice });
  t.same(half.got, ['x', 'y'], 'no second wait for one that is down');
  t.same(
    unsent.map((one) => [one.events[0]?.event.key, one.why]),
    [
      ['y', 'again down'],
      ['z', 'again down'],
    ],
  );
});

test('a channel does not tell of itself that it fails', async (t) => {
  const [mail, wall] = [channel('mail', [null]), channel('wall', [null])];
  await deliver([mail, wall], { events: [due('channel/mail')], before: [], nowMs: 1, makeNotice });
  t.same([mail.got, wall.got], [[], ['channel/mail']]);
});

test('what waits is bounded, the newest stay', async (t) => {
  let before: readonly UnsentMessage[] = [];
  for (let n = 0; n < 50; n++) {
    const many = Array.from({ length: 100 }, (_, one) => due(`${n}-${one}`));
    const bad = channel('bad', ['down']);
    ({ unsent: before } = await deliver([bad], { events: many, before, nowMs: n, makeNotice }));
  }
  t.equal(before.length, 8);
  t.equal(before.at(-1)?.events[0]?.event.key, '49-0');
  t.ok(before.every(({ events }) => events.length === 32));
});

test('a channel is spared what reaches people without it, and keeps the rest', async (t) => {
  const spared = { ...channel('mail', [null]), isTold: ({ event }: DueEvent) => event.key === 'a' };
  const whole = channel('wall', [null]);
  const rest = { before: [], nowMs: 5, makeNotice };
  await deliver([spared, whole], { events: [due('a'), due('b')], ...rest });
  const { deliveries } = await deliver([spared, whole], { events: [due('a')], ...rest });
  t.same(spared.got, ['b']);
  t.same(whole.got, ['a b', 'a']);
  t.same(deliveries, [{ channel: 'wall', why: null }]);
});
