import { test } from 'tap';
import { ledgerOf } from '../../../src/core/ledger/places.ts';

test('only a place that could be read has a ledger', async (t) => {
  t.equal(ledgerOf({ name: 'x', state: { kind: 'empty' } }), null);
  t.equal(ledgerOf({ name: 'x', state: { kind: 'damaged', why: 'y' } }), null);
  t.equal(ledgerOf({ name: 'x', state: { kind: 'none', why: 'y' } }), null);
  t.same(ledgerOf({ name: 'x', state: { kind: 'read', ledger: { entries: [] } } }), { entries: [] });
});
