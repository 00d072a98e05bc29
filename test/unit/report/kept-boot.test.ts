import fc from 'fast-check';
import { test } from 'tap';
import {
  formatKeptBoot,
  MAX_KEPT_BYTES,
  parseKeptBoot,
  saysTheSame,
} from '../../../src/core/report/kept-boot.ts';
import type { TimelineEntry } from '../../../src/core/report/timeline.ts';
import { survivesAnyText } from '../../support/any-text.ts';
import { keptBoot, reportOf } from '../../support/kept-boots.ts';
import { SAMPLE_REPORT } from '../../support/sample-report.ts';
import { ROOT } from '../../support/status-machines.ts';

const arrivals = (count: number, device: string): readonly TimelineEntry[] =>
  Array.from({ length: count }, (_, n) => ({ atMs: n, kind: 'member-arrived', array: ROOT, device }));

test('what was kept is read back: every kind of entry, and a boot without any', async (t) => {
  for (const boot of [keptBoot(SAMPLE_REPORT), keptBoot(null, { bootedAtMs: null, isWhole: false })])
    t.same(parseKeptBoot(formatKeptBoot(boot), 'boot'), { ok: true, value: boot });
});

test('a file of another schema is none, and no text makes the reader throw', async (t) => {
  t.match(parseKeptBoot('{"schema":"reliable-raid/kept-boot/9"}', 'x'), { ok: false });
  survivesAnyText((text) => parseKeptBoot(text, 'x'));
});

test('a long timeline loses its middle, and says how much', async (t) => {
  const read = parseKeptBoot(formatKeptBoot(keptBoot(reportOf(arrivals(4000, 'sda')))), 'boot');
  if (!read.ok) return t.fail(read.why);
  const kept = read.value.reports.image?.timeline ?? [];
  t.equal(kept.length + read.value.cutEntries, 4000);
  t.same([kept[0]?.atMs, kept.at(-1)?.atMs], [0, 3999], 'how it began and how it ended');
});

test('no file is larger than its bound, and one that was cut says the same when it is kept again', async (t) => {
  const size = fc.record({
    count: fc.integer({ min: 0, max: 600 }),
    length: fc.constantFrom(2, 100, 1200),
    byte: fc.constantFrom('a', '\x1b', '\u{1f600}'),
  });
  fc.assert(
    fc.property(size, ({ count, length, byte }) => {
      const boot = keptBoot(reportOf(arrivals(count, byte.repeat(length / 2))));
      const text = formatKeptBoot(boot);
      const read = parseKeptBoot(text, 'boot');
      return text.length <= MAX_KEPT_BYTES && read.ok && saysTheSame(read.value, boot);
    }),
    { numRuns: 6 },
  );
  t.pass();
});

test('a single entry without measure leaves the boot, and no report of it', async (t) => {
  const boot = keptBoot(reportOf(arrivals(1, 'a'.repeat(MAX_KEPT_BYTES))));
  t.match(parseKeptBoot(formatKeptBoot(boot), 'boot'), {
    ok: true,
    value: { bootId: boot.bootId, cutEntries: 1, reports: { image: null } },
  });
});

test('a new entry is news, another clock is not', async (t) => {
  const boot = keptBoot(SAMPLE_REPORT);
  t.ok(saysTheSame(boot, { ...boot, bootedAtMs: 5 }));
  t.notOk(saysTheSame(boot, keptBoot(reportOf(arrivals(1, 'sda')))));
});
