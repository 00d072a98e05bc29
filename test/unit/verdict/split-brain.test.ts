import fc from 'fast-check';
import { test } from 'tap';
import { judgeArray } from '../../../src/core/verdict/judge-array.ts';
import type { WatchedMember } from '../../../src/core/watchlist/watchlist.ts';
import { array as listed, member as written } from '../../support/array-of-members.ts';
import { A, B, judge, member, seen, UUID, watched, watchedMember } from '../../support/present-members.ts';

test('S5: split brain', async (t) => {
  const a = { number: 0, events: 110, roles: [0, null] };
  for (const events of [90, 109, 110, 111, 200]) {
    const b = { number: 1, events, roles: [null, 1] };
    t.match(judge(watched(), seen(member(a), member(b))), /^unsafe split-brain/, `${events} events`);
  }
  const verdict = judgeArray(watched(), seen(member(a), member({ number: 1, events: 90, roles: [null, 1] })));
  t.match(verdict, {
    reason: {
      code: 'split-brain',
      members: [
        { device: 'sda1', role: 0, writtenMs: Number },
        { device: 'sdb1', role: 1, writtenMs: Number },
      ],
    },
  });
  const four = (number: number, events: number, roles: (number | null)[]) =>
    member({ number, events, roles, raidDevices: 4, level: 10, layout: 0x102 });
  const halves = seen(
    four(0, 110, [0, null, 2, null]),
    four(2, 110, [0, null, 2, null]),
    four(1, 105, [null, 1, null, 3]),
    four(3, 105, [null, 1, null, 3]),
  );
  t.equal(judge(watched(), halves), 'unsafe split-brain 1,3', 'two halves of a raid10');
  const ledger = [watchedMember(0, 0, 120), watchedMember(1, 1, 80, false)];
  const inSyncOnceMore = seen(member({ number: 1, events: 119, roles: [null, 1] }));
  t.equal(judge(watched(ledger), inSyncOnceMore), 'unsafe split-brain 0', 'the ledger contradicts it');
  const later = seen(member({ number: 1, events: 300, roles: [null, 1] }));
  t.equal(judge(watched(ledger), later), 'startable 0', 'the image may be older than a rebuild');
  const imageMs = 1_790_000_000_000;
  const dated = { ...watchedMember(0, 0, 120), ledger: { events: 120, updateTimeMs: imageMs, inSync: true } };
  const at = (updateTimeMs: number, ...others: WatchedMember[]) =>
    judge(
      watched([dated, ...others]),
      seen(member({ number: 1, events: 300, roles: [null, 1], superblock: { updateTimeMs } })),
    );
  const out = watchedMember(1, 1, 80, false);
  t.equal(at(imageMs - 1000, out), 'unsafe split-brain 0', 'of before the image: not rebuilt since');
  t.equal(at(imageMs - 1000), 'unsafe split-brain 0', 'nor added since');
  t.equal(at(imageMs + 1000, out), 'startable 0', 'rebuilt since');
  t.equal(at(imageMs + 1000), 'startable 0', 'added since');
  const old = seen(
    member({ number: 1, events: 90, roles: [0, 1], superblock: { updateTimeMs: imageMs - 1000 } }),
  );
  t.equal(
    judge(watched([dated]), old, 'start'),
    'startable 0',
    'with fewer events it is stale, and may be allowed',
  );
  t.equal(at(5000, out), 'startable 0', 'a clock that had lost its time says nothing');
  const current = { ledgerIsCurrent: true } as const;
  t.equal(judge(watched(ledger, current), later), 'unsafe split-brain 0', 'an outside ledger is not');
  const unknown = watched([watchedMember(0, 0, 120)], current);
  t.equal(judge(unknown, later), 'unsafe split-brain 0', 'nor does it miss a member');
  const rebuilt = seen(member({ number: 1, events: 300, roles: [0, 1] }));
  t.equal(judge(watched(ledger, current), rebuilt), 'startable 0', 'it was in the array with the other');
});

test('duplicates', async (t) => {
  t.equal(judge(watched(), seen(member(A), member({ ...A, device: 'sdz' }))), 'unsafe duplicate-members 1');
  const twin = member({ ...A, device: 'sdz', events: 40 });
  t.equal(
    judge(watched(), seen(member(A), member(B), twin)),
    'unsafe duplicate-members',
    'an older copy by dd',
  );
  const old = { metadata: '0.90' as const, deviceUuid: `${UUID}/0` };
  const twins = seen(member({ ...A, superblock: old }), member({ ...A, device: 'sdz', superblock: old }));
  t.equal(judge(watched(), twins), 'unsafe duplicate-members 1', 'in 0.90 by slot and events');
  const replaced = seen(
    member({ ...A, superblock: old }),
    member({ ...A, events: 40, device: 'sdz', superblock: old }),
  );
  t.equal(
    judge(watched(), replaced),
    'startable 1',
    'in 0.90 a member that was replaced has the same number',
  );
});

test('for any split: never startable while both sides are here', async (t) => {
  const levels = fc.constantFrom([1, 0], [10, 0x102], [10, 0x201]);
  fc.assert(
    fc.property(
      levels,
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 3 }),
      ([level = 1, layout = 0], eventsLeft, eventsRight, left) => {
        const side = (roles: readonly number[], events: number) =>
          roles.map((number) =>
            member({
              number,
              events,
              level,
              layout,
              raidDevices: 4,
              roles: [0, 1, 2, 3].map((role) => (roles.includes(role) ? role : null)),
            }),
          );
        const right = [0, 1, 2, 3].filter((role) => !left.includes(role));
        const members = [...side(left, eventsLeft), ...side(right, eventsRight)];
        const { kind } = judgeArray(watched(), { members, arrays: [] });
        return kind === 'unsafe' || kind === 'insufficient';
      },
    ),
  );
  t.pass('never started');
});

test('two paths and a copy are told apart in words, and neither is started by itself', async (t) => {
  const judge = (...disks: readonly [string?, string?]) =>
    judgeArray(listed, {
      members: [
        written('sda', 0, null, disks[0]),
        written('sdb', 0, null, disks[1]),
        written('sdc', 1, null),
      ],
      arrays: [],
    });
  t.match(judge('wwn', 'wwn'), { kind: 'unsafe', reason: { code: 'duplicate-members', disk: 'wwn' } });
  t.match(judge('a', 'b'), { kind: 'unsafe', reason: { code: 'duplicate-members', role: 0, disk: null } });
  t.match(judge(), { kind: 'unsafe', reason: { code: 'duplicate-members' } });
});
