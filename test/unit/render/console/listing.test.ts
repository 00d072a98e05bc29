// What `reliable-raid start` and the rescue shell list: the verdict is never cut off, no line is wider than a console.
import { test } from 'tap';
import { renderNotice } from '../../../../src/core/render/console/boot-messages.ts';
import { renderArray, verdictWords } from '../../../../src/core/render/console/listing.ts';
import { EMPTY_SNAPSHOT } from '../../../../src/core/snapshot/snapshot.ts';
import type { Verdict } from '../../../../src/core/verdict/verdict.ts';
import type { WatchedArray } from '../../../../src/core/watchlist/watchlist.ts';
import { sampleWatchlist } from '../../../fuzz/sample-watchlist.ts';

const [sample] = sampleWatchlist(1).arrays;
const array: WatchedArray = {
  ...(sample as WatchedArray),
  name: 'a-name-as-long-as-a-label-may-be-',
  neededBy: ['/', '/usr', '/var/lib/a/rather/long/mount', '/srv/another/rather/long/mount', 'resume'],
};
const long = 'sda1 and sdb1 were each used without the other, and a text that goes on for more than a line';
const verdicts: readonly Verdict[] = [
  { kind: 'absent' },
  { kind: 'insufficient', missingRoles: [0] },
  { kind: 'startable', missingRoles: [1], degradedBefore: false },
  { kind: 'complete' },
  { kind: 'active', device: 'md127', degraded: 1 },
  { kind: 'unsafe', reason: { code: 'split-brain', text: long }, missingRoles: [1] },
  { kind: 'unsafe', reason: { code: 'external-metadata', text: long }, missingRoles: [] },
];

for (const verdict of verdicts)
  test(`${verdict.kind}: whole, and in 79 columns`, async (t) => {
    const listed = renderArray(array, EMPTY_SNAPSHOT, verdict).split('\n');
    const first = listed.slice(
      0,
      listed.findIndex((line) => line.startsWith('  needed by ')),
    );
    t.match(first.join(' ').replace(/ +/g, ' '), `raid1 of 2: ${verdictWords(verdict)}`);
    const noticed = renderNotice(array, verdict, 10_000, 20_000, 'start', 0).split('\n');
    for (const line of [...listed, ...noticed]) t.ok(line.length <= 79, line);
    if (verdict.kind === 'unsafe') t.match(noticed.join(' ').replace(/ +/g, ' '), `by itself: ${long}.`);
  });
