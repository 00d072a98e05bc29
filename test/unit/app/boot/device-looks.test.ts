import { test } from 'tap';
import { DeviceLooks } from '../../../../src/app/boot/device-looks.ts';
import { REAL_PATHS } from '../../../../src/app/machine.ts';
import { DeviceObserver } from '../../../../src/app/read/device-observer.ts';
import type { Clock } from '../../../../src/ports/clock.ts';
import type { DeviceEvent } from '../../../../src/ports/device-events.ts';
import { MemoryFiles } from '../../../support/memory-files.ts';

const quiet = () => new Promise((resolve) => setImmediate(resolve));

/** What is looked at; each look lasts until it is let go. */
function looksOf() {
  const looked: string[] = [];
  const open: (() => void)[] = [];
  const heard: string[] = [];
  const observer = new DeviceObserver(new MemoryFiles(), REAL_PATHS);
  let nowMs = 1_000;
  const clock: Clock = { nowMs: () => nowMs, after: () => () => undefined };
  const look = async (what: string) => {
    looked.push(what);
    await new Promise<void>((resolve) => open.push(resolve));
    if (what === 'bad') throw new Error('broken');
    return { members: [], arrays: [] };
  };
  observer.rescanAll = () => look('all');
  observer.rescan = (devices) => look([...devices].join(' '));
  const looks = new DeviceLooks(
    clock,
    observer,
    () => void heard.push('seen'),
    () => void heard.push('broken'),
  );
  const next = async () => {
    open.shift()?.();
    await quiet();
  };
  const passes = (ms: number): void => {
    nowMs += ms;
  };
  return { looks, looked, heard, next, passes };
}

test('one look at a time; what changes meanwhile is looked at next, all at once', async (t) => {
  const { looks, looked, heard, next } = looksOf();
  for (const device of ['a', 'b', 'c', 'b']) looks.look(device);
  await quiet();
  t.same(looked, ['a']);
  await next();
  t.same(looked, ['a', 'b c']);
  looks.look('d');
  looks.look(null);
  await next();
  t.same(looked, ['a', 'b c', 'all'], 'a look at all sees the one that changed too');
  await next();
  t.same(heard, ['seen', 'seen', 'seen']);
  looks.look('e');
  await quiet();
  t.equal(looked.at(-1), 'e', 'and again after it was quiet');
});

test('a look that throws is said', async (t) => {
  const { looks, heard, next } = looksOf();
  looks.look('bad');
  await next();
  t.same(heard, ['broken']);
});

test('polls are a twentieth of the time at most', async (t) => {
  const { looks, looked, next, passes } = looksOf();
  looks.poll();
  passes(3_000);
  await next();
  t.same(looked, ['all']);
  passes(59_999);
  looks.poll();
  looks.look('a');
  await next();
  t.same(looked, ['all', 'a'], 'not due yet, where a look at all takes 3 s');
  passes(1);
  looks.poll();
  t.same(looked, ['all', 'a', 'all']);
  passes(1);
  await next();
  passes(5_000);
  looks.poll();
  t.equal(looked.length, 4, 'due each time where it takes no time');
});

test('events are followed once, with a look at all when they are heard', async (t) => {
  const { looks, looked, next } = looksOf();
  let watches = 0;
  let ended = 0;
  let tell: (event: DeviceEvent) => void = () => undefined;
  const events = {
    watch: (onEvent: typeof tell) => {
      watches++;
      tell = onEvent;
      return { listening: Promise.resolve(), end: () => void ended++ };
    },
    settle: async () => undefined,
  };
  looks.end();
  looks.follow(events, () => undefined);
  looks.follow(events, () => undefined);
  await quiet();
  t.equal(watches, 1);
  t.same(looked, ['all']);
  tell({ action: 'add', device: 'sda' });
  await next();
  t.same(looked, ['all', 'sda']);
  looks.end();
  t.equal(ended, 1);
});
