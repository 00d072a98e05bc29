import { test } from 'tap';
import {
  renderNotice,
  renderNotNeeded,
  renderNotStartable,
  renderRunsDegraded,
  renderStarting,
  renderUnlisted,
  renderUp,
} from '../../../../src/core/render/console/boot-messages.ts';
import type { PresentMember } from '../../../../src/core/snapshot/snapshot.ts';
import { judgeArray } from '../../../../src/core/verdict/judge-array.ts';
import { presenceOf } from '../../../../src/core/verdict/presence.ts';
import type { WatchedArray } from '../../../../src/core/watchlist/watchlist.ts';
import { A, member, seen, watched, watchedMember } from '../../../support/present-members.ts';

const noticed = (array: WatchedArray, ...members: readonly PresentMember[]): string => {
  const snapshot = seen(...members);
  const verdict = judgeArray(array, snapshot);
  const notice = {
    ...{ array, verdict, presence: presenceOf(array, snapshot, verdict), policy: 'start' as const },
    ...{ waitedMs: 10_000, leftMs: 10_000, writtenMs: null },
  };
  return renderNotice([notice], false, null);
};
const notStartable = (array: WatchedArray, ...members: readonly PresentMember[]): string => {
  const snapshot = seen(...members);
  const verdict = judgeArray(array, snapshot);
  return renderNotStartable(array, verdict, presenceOf(array, snapshot, verdict), null);
};

test('an array that has grown since the list was made is counted as it is', async (t) => {
  const mirror = watched([watchedMember(0, 0, 90), watchedMember(1, 1, 90)]);
  const three = { roles: [0, 1, 2], raidDevices: 3, events: 100 };
  t.match(
    noticed(mirror, member({ ...three, number: 0 }), member({ ...three, number: 2 })),
    /^NOTICE: array root \(2 of 3 members\) is not complete .*\n {2}waiting for {2}role 1 {2}/,
  );
  const raid6 = watched(
    [0, 1, 2, 3].map((n) => watchedMember(n, n, 90)),
    { level: 6, raidDevices: 4 },
  );
  const six = { level: 6, roles: [0, 1, 2, 3, 4, 5], raidDevices: 6, events: 100, number: 0 };
  t.match(noticed(raid6, member(six)), '(1 of 6 members)');
  t.match(notStartable(raid6, member(six)), 'cannot be started: 1 of 6 members is present, too few');
});

test('a level that has changed since is named as it is', async (t) => {
  const raid5 = watched([], { level: 5, raidDevices: 3 });
  const raid6 = member({ level: 6, roles: [0, 1, 2, 3], raidDevices: 4, events: 100, number: 0 });
  t.match(notStartable(raid5, raid6).replace(/\s+/g, ' '), 'too few for raid6');
});

test('a disk that is plugged in and half rebuilt is not waited for', async (t) => {
  const mirror = watched([watchedMember(0, 0, 90), watchedMember(1, 1, 90)]);
  const half = member({ ...A, number: 1, superblock: { recoveryOffsetSectors: 8 } });
  const text = noticed(mirror, member(A), half);
  t.notMatch(text, 'waiting for');
  t.match(text, /^ {2}present {2}role 1 {2}sdb1 {2}.*serial-1.*\n {4}does not count: its rebuild was not/m);
  const alone = notStartable(mirror, half);
  t.match(alone, /^ {2}missing {2}role 0 {2}serial serial-0$/m);
  t.match(alone.replace(/\s+/g, ' '), '0 of 2 members are present and fit, too few for raid1');
  t.match(
    alone.replace(/\s+/g, ' '),
    'Attach a missing disk, or look at what is present: mdadm --examine /dev/sdb1.',
  );
});

test('an array that runs names the disk that came', async (t) => {
  t.equal(renderUp(watched(), 0, []), 'reliable-raid: array root is complete.');
  t.equal(
    renderUp(watched(), 0, [{ device: 'sdb', role: 1, disk: null }]),
    'reliable-raid: array root is complete: role 1 (sdb) came.',
  );
  t.match(renderUp(watched(), 1, []), 'was started degraded from a shell (1 missing)');
});

test('after a degraded start: what to do, and where it is described', async (t) => {
  for (const line of [renderRunsDegraded([watched()]), renderRunsDegraded([watched(), watched()])])
    t.match(line, /^ {2}Next: attach or replace .*; see readd in "man reliable-raid"\.$/);
});

test('what is started says how old it is, and what is missing where no notice has', async (t) => {
  const presence = presenceOf(watched(), seen(), {
    kind: 'startable',
    missingRoles: [1],
    degradedBefore: false,
  });
  t.match(renderStarting(watched(), presence, true, 0), /degraded, data written 1970-01-01 00:00 UTC\.$/);
  t.match(renderStarting(watched(), presence, false, null), /degraded\.\n {2}missing {2}role 1 /);
});

test('what is not listed, and what is not needed: no line is wider than a console', async (t) => {
  const arrays = Array.from({ length: 9 }, (_, n) => watched([], { name: `a-rather-long-name-${n}` }));
  const texts = [
    renderNotNeeded(arrays, 'dracut -f'),
    renderUnlisted(arrays, 'outdated'),
    renderUnlisted(arrays, 'too-few'),
    renderUnlisted(arrays, 'not-followed'),
  ];
  for (const text of texts) {
    t.ok(
      text.split('\n').every((line) => line.length <= 79),
      text,
    );
    t.match(text, /^[ -~\n]+$/);
    t.match(text, /a-rather-long-name-3.*5\s+more/s);
  }
  t.match(texts[0], /To\s+renew\s+it:\s+dracut\s+-f$/);
});
