import fc from 'fast-check';
import { test } from 'tap';
import { dueNotices } from '../../../src/core/notices/due.ts';
import type { NoticeFacts } from '../../../src/core/notices/facts.ts';
import { NOTHING_TOLD, type Told } from '../../../src/core/notices/told.ts';
import { formatTold, parseTold } from '../../../src/core/notices/told-file.ts';
import { DAY_MS, fault, look, mirror } from '../../support/notice-events.ts';
import { NOW_MS, ROOT } from '../../support/status-machines.ts';

const MINUTE_MS = 60_000;

/** Each look in turn, with what is remembered written and read in between; how each event was told. */
function tell(looks: readonly NoticeFacts[], start: Told = NOTHING_TOLD): { told: Told; said: string[][] } {
  let told = start;
  const said = looks.map((facts) => {
    const due = dueNotices(facts, told);
    const again = parseTold(formatTold(due.told), 'told');
    if (!again.ok) throw new Error(`${again.at}: ${again.why}`);
    told = again.value;
    return due.events.map(({ how, event }) => `${how} ${event.kind}`);
  });
  return { told, said };
}

const degraded = (afterMs: number, more: Partial<NoticeFacts> = {}) =>
  look({
    nowMs: NOW_MS + afterMs,
    arrays: [mirror('in-sync', null)],
    standing: [fault('degraded')],
    ...more,
  });

test('once, each day until it is over, and once when it is: across reboots', async (t) => {
  const { said } = tell([
    look(),
    degraded(1000),
    degraded(2 * MINUTE_MS),
    degraded(DAY_MS / 2, { bootId: 'boot-2' }),
    degraded(DAY_MS),
    degraded(DAY_MS + 2 * MINUTE_MS),
    degraded(2 * DAY_MS, { bootId: 'boot-3' }),
    look({ nowMs: NOW_MS + 3 * DAY_MS, bootId: 'boot-3' }),
    look({ nowMs: NOW_MS + 4 * DAY_MS, bootId: 'boot-4' }),
  ]);
  t.same(said, [
    [],
    ['new degraded', 'new member-gone'],
    [],
    [],
    ['again degraded'],
    [],
    ['again degraded'],
    ['healed degraded', 'new member-readded'],
    [],
  ]);
});

test('what the boot did is told once for that boot, and not beside its own fault', async (t) => {
  const started = {
    kind: 'started-degraded' as const,
    ...{ key: `${ROOT}/started-degraded`, array: fault('degraded').array, disks: [], detail: '' },
  };
  const reported: NoticeFacts['reported'] = [started];
  const { said } = tell([
    look({ reported }),
    look({ reported, nowMs: NOW_MS + 2 * MINUTE_MS }),
    look({ reported, nowMs: NOW_MS + 4 * MINUTE_MS, bootId: 'boot-2' }),
    degraded(6 * MINUTE_MS, { reported, bootId: 'boot-3' }),
    look({ reported, nowMs: NOW_MS + 8 * MINUTE_MS, bootId: 'boot-3' }),
  ]);
  t.same(said, [
    ['new started-degraded'],
    [],
    ['new started-degraded'],
    ['new degraded', 'new member-gone'],
    ['healed degraded', 'new member-readded'],
  ]);
});

test('what happens within a minute of a message waits, and is one message', async (t) => {
  const first = dueNotices(degraded(0), NOTHING_TOLD);
  t.same(first.againAfterMs, null);
  const flap = (n: number) =>
    look({
      nowMs: NOW_MS + 1000 + n,
      arrays: [n % 2 === 0 ? mirror('in-sync', 'in-sync') : mirror('in-sync', null)],
    });
  let told = first.told;
  for (let n = 0; n < 10_000; n++) {
    const due = dueNotices(flap(n), told);
    if (due.events.length > 0) t.fail(`told at ${n}`);
    if (due.againAfterMs === null) t.fail(`forgotten at ${n}`);
    told = due.told;
  }
  const last = dueNotices(look({ nowMs: NOW_MS + 2 * MINUTE_MS }), told);
  t.same(
    last.events.map(({ how, event }) => `${how} ${event.kind}`),
    ['healed degraded', 'new member-readded', 'new member-gone'],
  );
  t.same(dueNotices(look({ nowMs: NOW_MS + 4 * MINUTE_MS }), last.told).events, []);
});

test('a member that failed and was back before anybody looked is told, once in that boot', async (t) => {
  const one = { array: 'md0', member: 'sdb' };
  const at = (minute: number, more: Partial<NoticeFacts> = {}) =>
    look({ nowMs: NOW_MS + minute * MINUTE_MS, ...more });
  const { said } = tell([
    at(0, { heard: [one, one] }),
    at(2, { heard: [one, one] }),
    at(4, { heard: [one, one, one] }),
    at(6, { bootId: 'boot-2' }),
    at(8, { bootId: 'boot-2', heard: [one] }),
  ]);
  t.same(said, [['new member-failed'], [], ['new member-failed'], [], ['new member-failed']]);
});

test('what has got worse is not told as over, and what is gone not as whole', async (t) => {
  const down = { ...mirror(null, null), isRunning: false };
  const at = (
    minute: number,
    arrays: NoticeFacts['arrays'],
    ...kinds: readonly Parameters<typeof fault>[0][]
  ) => look({ nowMs: NOW_MS + minute * MINUTE_MS, arrays, standing: kinds.map((kind) => fault(kind)) });
  const half = [mirror('in-sync', null)];
  t.same(
    tell([
      at(0, half, 'degraded'),
      at(2, [down], 'question-open', 'member-held'),
      at(4, [down], 'not-started'),
      at(6, half, 'degraded'),
      at(8, half, 'array-failed'),
      at(10, half, 'degraded'),
      at(40, [mirror('in-sync', 'in-sync')]),
    ]).said,
    [
      ['new degraded'],
      ['new question-open', 'new member-held'],
      ['new not-started', 'healed member-held'],
      ['new degraded', 'healed not-started'],
      ['new array-failed'],
      ['new degraded', 'healed array-failed'],
      ['healed degraded', 'new member-readded'],
    ],
  );
  const { told } = tell([at(0, half, 'degraded')]);
  t.match(dueNotices(at(2, []), told).events, [{ how: 'healed', event: { detail: 'not there' } }]);
});

test('six messages in an hour are a storm: then one in ten minutes', async (t) => {
  let told = NOTHING_TOLD;
  const at: number[] = [];
  for (let minute = 0; minute < 60; minute++) {
    const standing = minute % 2 === 0 ? [fault('degraded')] : [];
    const due = dueNotices(look({ nowMs: NOW_MS + minute * MINUTE_MS, standing }), told);
    if (due.events.length > 0) at.push(minute);
    told = due.told;
  }
  t.same(at.slice(0, 6), [0, 1, 2, 3, 4, 5]);
  t.ok(
    at.slice(6).every((minute, n) => minute - (at[n + 5] ?? 0) >= 10),
    `${at}`,
  );
  t.ok(at.length <= 12, `${at.length} messages`);
});

test('a clock that leaps tells nothing twice at once', async (t) => {
  const { said } = tell([
    degraded(0),
    degraded(-20_000 * DAY_MS),
    degraded(-20_000 * DAY_MS + 2 * MINUTE_MS),
    degraded(0),
    degraded(2 * MINUTE_MS),
  ]);
  t.same(said, [['new degraded'], ['again degraded'], [], ['again degraded'], []]);
});

test('what may not be read is neither gone nor over', async (t) => {
  const { told } = tell([look(), degraded(1000)]);
  const blind = look({ nowMs: NOW_MS + DAY_MS / 2, arrays: [], isWhole: false });
  const { said, told: after } = tell([blind], told);
  t.same(said, [[]]);
  t.same(after.faults, told.faults);
  t.same(after.arrays, told.arrays);
});

test('whatever comes in whatever order, nothing is told twice within a day, and nothing is kept without bound', async () => {
  const step = fc.record({
    afterMs: fc.integer({ min: 0, max: DAY_MS }),
    kinds: fc.subarray(['degraded', 'member-held', 'image-outdated'] as const),
    first: fc.constantFrom('in-sync', 'failed', 'filling', null),
    boot: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let told = NOTHING_TOLD;
      let nowMs = NOW_MS;
      const standsSince = new Map<string, number>();
      for (const { afterMs, kinds, first, boot } of steps) {
        nowMs += afterMs;
        const standing = kinds.map((kind) => fault(kind));
        const due = dueNotices(
          look({ nowMs, standing, bootId: `boot-${boot}`, arrays: [mirror(first, 'in-sync')] }),
          told,
        );
        for (const { how, event } of due.events) {
          const last = standsSince.get(event.key);
          if (how === 'again' && (last === undefined || nowMs - last < 22 * 3_600_000)) return false;
          if (how === 'new' && last !== undefined && 'toldMs' in event) return false;
          if (how === 'healed') standsSince.delete(event.key);
          else standsSince.set(event.key, nowMs);
        }
        const keys = due.events.map(({ event }) => event.key);
        if (new Set(keys).size !== keys.length) return false;
        told = due.told;
      }
      return told.faults.length <= 3 && told.waiting.length <= 8;
    }),
    { numRuns: 200 },
  );
});
