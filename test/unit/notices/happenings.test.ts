import { test } from 'tap';
import { happenings } from '../../../src/core/notices/happenings.ts';
import { mirror } from '../../support/notice-events.ts';

test('what becomes of a member between two looks', async (t) => {
  for (const [before, now, kind] of [
    ['in-sync', 'in-sync', null],
    ['in-sync', 'failed', 'member-failed'],
    ['in-sync', null, 'member-gone'],
    ['failed', null, null],
    [null, 'filling', 'member-back'],
    ['failed', 'filling', 'member-back'],
    ['filling', 'in-sync', 'rebuild-finished'],
    [null, 'in-sync', 'member-readded'],
    ['in-sync', 'held', 'member-gone'],
    [null, 'held', null],
    ['held', null, null],
    ['spare', null, 'member-gone'],
    [null, 'spare', null],
    ['spare', 'filling', 'member-back'],
    ['in-sync', 'filling', null],
  ] as const)
    t.same(
      happenings([mirror('in-sync', before)], [mirror('in-sync', now)]).map((event) => [
        event.kind,
        event.disks,
      ]),
      kind === null ? [] : [[kind, ['/dev/sdb']]],
      `${before} -> ${now}`,
    );
});

test('two that go at once are one event', async (t) => {
  const [event, ...more] = happenings([mirror('in-sync', 'in-sync')], [mirror(null, 'failed')]);
  t.match([event, ...more], [{ kind: 'member-gone' }, { kind: 'member-failed' }]);
  t.match(happenings([mirror('in-sync', 'in-sync')], [mirror(null, null)]), [
    { disks: ['/dev/sda', '/dev/sdb'] },
  ]);
});

test('an array that is new, or does not run, has no news of its members', async (t) => {
  t.same(happenings([], [mirror('failed', null)]), []);
  t.same(happenings([mirror('in-sync', 'in-sync')], [{ ...mirror(null, null), isRunning: false }]), []);
  t.same(happenings([mirror('in-sync', 'in-sync')], []), []);
  t.same(happenings([{ ...mirror(null, null), isRunning: false }], [mirror('in-sync', null)]), []);
});
