import { test } from 'tap';
import type { LedgerFindings } from '../../../../src/core/ledger/ledger-findings.ts';
import type { RecordedPlace } from '../../../../src/core/ledger/places.ts';
import { ledgerWarnings, renderLedgerReport } from '../../../../src/core/render/commands/ledger-report.ts';
import { entryOf, IMAGE, ledgerOf, listOf, NOW, ROOT, running } from '../../../support/ledger-entries.ts';

const place = (more: Partial<RecordedPlace> = {}): RecordedPlace => ({
  ...{ name: 'EFI variable', done: 'written', why: null, leftOut: [] },
  ...more,
});
const findings = (more: Partial<LedgerFindings> = {}): LedgerFindings => ({
  ...{ nowMs: NOW, dryRun: false, running: [running(entryOf([0, 1], 20))] },
  ...{ known: [], denied: [], watchlist: listOf(IMAGE), recorded: [place()] },
  rebuild: 'update-initramfs -u',
  ...more,
});

test('what became of each place differs, and from what would become of it', async (t) => {
  const recorded = (['written', 'kept', 'failed', 'none'] as const).map((done) =>
    place({ done, why: 'no NVRAM' }),
  );
  const done = renderLedgerReport(findings({ recorded })).split('\n');
  t.equal(done.length, 4);
  t.equal(new Set(done).size, 4);
  t.match(done[3], 'no NVRAM');
  t.not(
    renderLedgerReport(findings({ dryRun: true }))
      .split('\n')
      .at(-1),
    done[0],
  );
});

test('a dry run lists each array once, also one that only a place knows', async (t) => {
  const known = [
    { name: 'EFI variable', state: { kind: 'read', ledger: ledgerOf(entryOf([0, 1], 20)) } },
  ] as const;
  for (const more of [{ known }, { known, running: [], watchlist: null }]) {
    const text = renderLedgerReport(findings({ ...more, dryRun: true }));
    t.match(text, ROOT);
    t.equal(text.split(ROOT).length, 2);
    for (const line of text.split('\n')) t.match(line, /^[ -~]{0,79}$/);
  }
  t.notMatch(renderLedgerReport(findings({ known })), ROOT);
});

test('warnings: damaged, not written, no room, no list', async (t) => {
  t.same(ledgerWarnings(findings()), []);
  t.match(
    ledgerWarnings(
      findings({
        known: [{ name: 'x\u009b', state: { kind: 'damaged', why: 'cut' } }],
        recorded: [place({ done: 'failed', why: 'EROFS' }), place({ leftOut: [ROOT] })],
        watchlist: null,
      }),
    ),
    [/^x\\x9b: cut/, 'EFI variable: EROFS', ROOT, /update-initramfs/],
  );
});

test('what may not be read is not said to be absent, damaged or unknown', async (t) => {
  const unread = findings({
    dryRun: true,
    running: [],
    watchlist: null,
    denied: [{ device: 'sda1', why: 'it may not be read: run it as root' }],
    known: [
      { name: 'a', state: { kind: 'denied', why: 'may not be read: run it as root' } },
      { name: 'b', state: { kind: 'read', ledger: ledgerOf(entryOf([0, 1], 20)) } },
    ],
  });
  t.same(ledgerWarnings(unread), [
    '/dev/sda1: it may not be read: run it as root',
    'a: may not be read: run it as root',
  ]);
  t.notMatch(renderLedgerReport(unread), /not running/);
});
