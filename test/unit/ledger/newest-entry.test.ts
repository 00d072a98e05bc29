import fc from 'fast-check';
import { test } from 'tap';
import { applyLedger } from '../../../src/core/ledger/apply-ledger.ts';
import type { Ledger, LedgerEntry } from '../../../src/core/ledger/ledger.ts';
import { newestEntry } from '../../../src/core/ledger/newest-entry.ts';
import {
  anyCount,
  anyEntry,
  DAY,
  entryOf,
  IMAGE,
  ledgerOf,
  listOf,
  NOW,
  ROOT,
} from '../../support/ledger-entries.ts';

/** Role and device of those that the boot will take for in sync, after the ledgers. */
const inSyncAfter = (ledgers: readonly Ledger[], nowMs = NOW): string =>
  (applyLedger(listOf(IMAGE), ledgers, nowMs).arrays[0]?.members ?? [])
    .filter(({ ledger }) => ledger.inSync)
    .map(({ role, ledger }) => `${role}@${ledger.events}`)
    .join(' ');

test('which place wins', async (t) => {
  const alone = entryOf([0], 25);
  t.equal(inSyncAfter([]), '0@20 1@20', 'no ledger: the image');
  t.equal(inSyncAfter([ledgerOf(alone)]), '0@25', 'disk 0 ran alone since the image was built');
  t.equal(inSyncAfter([ledgerOf(entryOf([0], 20))]), '0@20', 'equal: the more trusted');
  t.equal(inSyncAfter([ledgerOf(entryOf([0], 10))]), '0@20 1@20', 'the image was rebuilt since');
  t.equal(inSyncAfter([ledgerOf(), ledgerOf(alone)]), '0@25', 'a place that knows nothing of it');
  t.equal(inSyncAfter([ledgerOf(entryOf([1], 23)), ledgerOf(alone)]), '0@25', 'later events, later date');
});

test('a clock that lost its time hides nothing newer', async (t) => {
  for (const date of [0, 1000, Date.UTC(2023, 11, 31), NOW + 30 * DAY, Number.MAX_SAFE_INTEGER]) {
    t.equal(inSyncAfter([ledgerOf(entryOf([0], 25, date))]), '0@25', `recorded ${date}`);
    t.equal(inSyncAfter([ledgerOf(entryOf([0], 10, date))]), '0@20 1@20', `an old one, recorded ${date}`);
  }
  const wrongButPlausible = NOW - 700 * DAY;
  t.equal(
    inSyncAfter([ledgerOf(entryOf([0], 25, wrongButPlausible))]),
    '0@25',
    'more events in the most trusted',
  );
  for (const now of [0, 1000, NOW])
    t.equal(inSyncAfter([ledgerOf(entryOf([0], 25))], now), '0@25', `now ${now}`);
});

test('two lines of one array: the later date decides, not the larger count', async (t) => {
  const chosen = entryOf([1], 15, NOW - 1000);
  t.equal(inSyncAfter([ledgerOf(chosen)]), '1@15', 'disk 1 was chosen later, with fewer events');
  t.equal(inSyncAfter([ledgerOf(chosen)], 0), '0@20 1@20', 'where no clock can tell, the events do');
});

test('of any entries one of them is the newest', async () => {
  const mine = anyEntry.map((entry): LedgerEntry => ({ ...entry, arrayUuid: ROOT }));
  fc.assert(
    fc.property(fc.array(mine, { minLength: 1 }), anyCount, (entries, now) => {
      const newest = newestEntry(entries, now);
      return newest !== null && entries.includes(newest);
    }),
  );
});
