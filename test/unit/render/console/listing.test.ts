// What `reliable-raid start` and the rescue shell list: the verdict is never cut off, no line is wider than a console.
import { test } from 'tap';
import { renderNotice } from '../../../../src/core/render/console/boot-messages.ts';
import { renderArray, verdictWords } from '../../../../src/core/render/console/listing.ts';
import { reasonWords } from '../../../../src/core/render/console/reason.ts';
import { EMPTY_SNAPSHOT } from '../../../../src/core/snapshot/snapshot.ts';
import { presenceOf } from '../../../../src/core/verdict/presence.ts';
import type { UnsafeReason, Verdict } from '../../../../src/core/verdict/verdict.ts';
import type { WatchedArray } from '../../../../src/core/watchlist/watchlist.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';

const [sample] = sampleWatchlist(1).arrays;
const array: WatchedArray = {
  ...(sample as WatchedArray),
  name: 'a-name-as-long-as-a-label-may-be-',
  neededBy: ['/', '/usr', '/var/lib/a/rather/long/mount', '/srv/another/rather/long/mount', 'resume'],
};
const apart: UnsafeReason = {
  code: 'split-brain',
  members: [
    { device: 'a-device-with-a-long-name', role: 0, writtenMs: 0 },
    { device: 'another-device-with-a-long-name', role: 1, writtenMs: 0 },
  ],
};
const contained: UnsafeReason = {
  code: 'external-metadata',
  metadata: 'imsm',
  disks: {
    unread: ['sdx', 'sdy', 'sdz', 'sdu'],
    silent: [],
    volume: { kind: 'degraded', slotCount: 2, missingSlots: [1], knownMissing: [], outdated: ['sdv'] },
    container: 'md127',
  },
};
const verdicts: readonly Verdict[] = [
  { kind: 'absent' },
  { kind: 'insufficient', missingRoles: [0] },
  { kind: 'startable', missingRoles: [1], degradedBefore: false },
  { kind: 'complete' },
  { kind: 'active', device: 'md127', degraded: 1 },
  { kind: 'unsafe', reason: apart, missingRoles: [1] },
  { kind: 'unsafe', reason: contained, missingRoles: [] },
];

for (const verdict of verdicts)
  test(`${verdict.kind}: whole, and in 79 columns`, async (t) => {
    const listed = renderArray(array, EMPTY_SNAPSHOT, verdict).split('\n');
    const first = listed.slice(
      0,
      listed.findIndex((line) => line.startsWith('  needed by ')),
    );
    t.match(first.join(' ').replace(/ +/g, ' '), `raid1 of 2: ${verdictWords(verdict)}`);
    const noticed = renderNotice(
      [
        {
          ...{ array, verdict, presence: presenceOf(array, EMPTY_SNAPSHOT, verdict), policy: 'start' },
          ...{ waitedMs: 10_000, leftMs: 20_000, writtenMs: 0 },
        },
      ],
      true,
      null,
    ).split('\n');
    for (const line of [...listed, ...noticed]) t.ok(line.length <= 79, line);
    if (verdict.kind !== 'unsafe') return;
    const words = reasonWords(verdict.reason);
    t.ok(words.length > 79, 'it goes on for more than a line');
    t.match(noticed.join(' ').replace(/ +/g, ' '), `automatically: ${words}.`);
  });

test('an array that nothing is known to need has no line for it', async (t) => {
  const verdict: Verdict = { kind: 'absent' };
  const listed = (one: WatchedArray) => renderArray(one, EMPTY_SNAPSHOT, verdict);
  t.match(listed(array), /needed by/);
  t.notMatch(listed({ ...array, neededBy: [] }), /needed by/);
});
