import { test } from 'tap';
import { atWords, bootWords } from '../../../../src/core/render/report/boot-words.ts';
import { keptBoot, reportOf } from '../../../support/kept-boots.ts';
import { NOW_MS, ROOT } from '../../../support/status-machines.ts';

test('the first is this boot; one without a report had nothing to do, unless it could not be read', async (t) => {
  const boots = [
    keptBoot(null),
    keptBoot(null, { isWhole: false, bootedAtMs: null }),
    keptBoot(null, { cutEntries: 7 }),
  ];
  t.match(bootWords(boots, NOW_MS), [
    { title: 'this boot, 2026-11-28 10:00 UTC (1 hour ago)', summary: /no wait/, tone: 'good' },
    { title: 'a boot at an unknown time', summary: /could not be read/, tone: 'care' },
    { cutEntries: 7 },
  ]);
});

test('entries of all stages by their time; the worst gives the tone', async (t) => {
  const image = reportOf([
    { atMs: 2000, kind: 'engine-started' },
    { atMs: 30_000, kind: 'finished', outcome: 'up' },
  ]);
  const byHand = reportOf([{ atMs: 20_000, kind: 'shell-opened', console: 'tty0' }]);
  const failed = reportOf([{ atMs: 1, kind: 'handover', arrays: [ROOT] }]);
  const [first, second] = bootWords(
    [keptBoot(image, { reports: { image, others: null, byHand } }), keptBoot(failed)],
    NOW_MS,
  );
  t.same(
    first?.entries.map(({ atMs }) => atMs),
    [2000, 20_000, 30_000],
  );
  t.match([first?.tone, second?.tone], ['care', 'bad']);
  t.equal(atWords(12_345), '12.3 s');
});
